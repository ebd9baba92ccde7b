// Learn: chapters that are there without the program, live pieces in them, and the quiz.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';

import { startServer } from '../tools/static-server.mjs';
import { assertAccessible, inEachBrowser, paste, press, settled, text } from './harness.mjs';

const LEARN = { hash: '#/learn' };
const PIECES = ['story', 'parts', 'bytes', 'protection', 'levels', 'names', 'events', 'fix', 'limits', 'ticket'];

const piece = (code) => `[data-live=${code}]`;
const count = (page, selector) => page.$$eval(selector, (found) => found.length);
const shown = (page) => page.$$eval('.learn', ([learn]) => getComputedStyle(learn).display !== 'none');
/** Chooses the option that begins with `words` in the piece. */
async function choose(page, code, words) {
  await page.$$eval(
    `${piece(code)} .choice label`,
    (labels, words) => labels.find((label) => label.innerText.trim().startsWith(words)).querySelector('input').click(),
    words,
  );
  await settled(page);
}
const minis = (page, code) =>
  page.$$eval(`${piece(code)} .mini__verdict`, (verdicts) => verdicts.map((verdict) => verdict.innerText.trim()));

test('the chapters are in the HTML, in the order of their files', async () => {
  const server = await startServer({ folder: new URL('../../dist/', import.meta.url) });
  const html = await (await fetch(server.url)).text();
  await server.close();
  const article = html.slice(html.indexOf('<article id="learn"'), html.indexOf('</article>'));
  const ids = [...article.matchAll(/<h2 id="learn-([a-z]+)">/g)].map(([, id]) => id);
  const files = readdirSync(new URL('../../web/learn/', import.meta.url)).sort().slice(1);
  assert.deepEqual(ids, files.map((file) => file.replace(/^\d\d-|\.html$/g, '')));
});

const withoutWebAssembly = (page) =>
  page.evaluateOnNewDocument(() => {
    WebAssembly.instantiate = WebAssembly.instantiateStreaming = async () => {
      throw new Error('switched off');
    };
  });

inEachBrowser(
  'is read without the program',
  { starts: false, before: withoutWebAssembly, allow: { console: [/could not start/] } },
  async ({ page }) => {
    await page.waitForSelector('[role=alert]');
    assert.equal(await shown(page), true);
    assert.match(await text(page, '#learn'), /It is an HMAC-MD5 over the server's random number/);
    assert.equal(await count(page, '.learn__live > *'), 0);
    await assertAccessible(page);
  },
);

inEachBrowser('is one place, and Decode is another', LEARN, async ({ page }) => {
  assert.equal(await shown(page), true);
  assert.equal(await page.$eval('#app > main', (main) => getComputedStyle(main).display), 'none');
  await page.evaluate(() => (location.hash = '#/decode'));
  await settled(page);
  assert.equal(await shown(page), false);
  assert.equal(await count(page, '.learn .widget'), 0, 'the pieces are gone with it');
  await page.evaluate(() => (location.hash = '#learn-names'));
  await settled(page);
  assert.equal(await shown(page), true);
  assert.equal(await count(page, '.learn .widget'), PIECES.length);
});

inEachBrowser('each piece answers', LEARN, async ({ page }) => {
  assert.match(await text(page, piece('story')), /cifs\/10\.0\.0\.100.*Denied: the user does not get in.*0xC0000022.*5168/);
  await choose(page, 'story', '0 Off');
  assert.match(await text(page, piece('story')), /Accepted: the user works.*documented/);
  await choose(page, 'story', '\\\\10.0.0.100, an attacker');
  assert.match(await text(page, piece('story')), /Accepted: the attacker is in/);

  await paste(page, 'dcfr.lab.lan', `${piece('parts')} input`);
  assert.match(await text(page, piece('parts')), /Service class none/);
  assert.deepEqual(await minis(page, 'parts'), ['Accepted', 'Denied', 'Denied']);

  const marked = () => page.$$eval(`${piece('bytes')} .strip .is-target-name`, (runs) => runs.map((run) => run.innerText).join(' '));
  assert.match(await marked(), /^09 00 1e 00 63 00 69 00 66 00 73 00 2f 00 31 00/);
  const behind = await text(page, piece('bytes'));
  await paste(page, 'DCFR', `${piece('bytes')} input`);
  assert.match(await marked(), /^09 00 12 00 .* 44 00 43 00 46 00 52 00$/);
  assert.notEqual(await text(page, piece('bytes')), behind);

  assert.match(await text(page, piece('protection')), /NTProofStr does not match.*received.*computed.*The attack fails/);
  assert.ok(await count(page, `${piece('protection')} mark`));
  await choose(page, 'protection', 'takes the MIC out');
  assert.match(await text(page, piece('protection')), /NTProofStr valid.*MIC does not match/);

  await choose(page, 'levels', 'an empty name');
  assert.deepEqual(await minis(page, 'levels'), ['Accepted', 'Denied', 'Denied']);
  assert.match(await text(page, piece('levels')), /Levels 1 and 2 .*inferred/);
  await choose(page, 'levels', 'NTLMv1');
  assert.deepEqual(await minis(page, 'levels'), ['Accepted', 'Accepted', 'Denied']);

  const match = () => page.$$eval(`${piece('names')} .is-match`, (tokens) => tokens.map((token) => token.innerText.replace(/\s+/g, ' ').trim()));
  assert.deepEqual(await match(), []);
  await paste(page, 'DCFR.lab.lan', `${piece('names')} input`);
  assert.deepEqual(await match(), ['dcfr.lab.lan matches']);
  await paste(page, 'files', `${piece('names')} input`);
  await paste(page, 'a, files', `${piece('names')} .widget__ask:nth-of-type(2) input`);
  assert.deepEqual(await match(), ['files matches']);

  await choose(page, 'events', 'a wrong password');
  assert.match(await text(page, piece('events')), /Refused earlier.*0xC000006D.*4625 \(Security\)/);

  assert.deepEqual(await minis(page, 'fix'), ['Accepted', 'Denied', 'Denied']);
  await page.click(`${piece('fix')} .widget__try button`);
  await settled(page);
  assert.deepEqual(await minis(page, 'fix'), ['Accepted', 'Accepted', 'Accepted']);
  await choose(page, 'fix', 'an attacker');
  assert.match(await text(page, piece('fix')), /The attack succeeds/);

  await choose(page, 'limits', 'spoofs DNS');
  assert.match(await text(page, piece('limits')), /The attack succeeds/);
  await choose(page, 'limits', 'yes');
  assert.match(await text(page, piece('limits')), /The attack fails.*no session key/);

  await choose(page, 'ticket', 'cifs/files');
  assert.deepEqual(await minis(page, 'ticket'), ['Accepted', 'Denied', 'Denied']);
});

inEachBrowser('what is typed can neither hide nor break anything', LEARN, async ({ page }) => {
  for (const hostile of ['\u202ecifs<img src=x>', '', 'x'.repeat(500), '😀']) {
    for (const code of ['parts', 'bytes', 'names']) await paste(page, hostile, `${piece(code)} input`);
  }
  assert.equal(await count(page, '.learn .widget img'), 0);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
});

inEachBrowser('the quiz is answered by keyboard alone', LEARN, async ({ page }) => {
  const quiz = piece('quiz');
  await page.$eval(`${quiz} #quiz-question`, (question) => question.focus());
  const situations = new Set();
  let right = 0;
  for (let number = 1; number <= 10; number += 1) {
    assert.match(await text(page, quiz), new RegExp(`Question ${number} of 10, ${right} right so far`));
    situations.add(await text(page, `${quiz} .quiz__what`));
    assert.equal(await text(page, `${quiz} .quiz__why`), '');
    await press(page, 'Tab', ...(number % 2 ? [] : ['Tab']), 'Enter');
    const why = await text(page, `${quiz} .quiz__why`);
    assert.match(why, /^(Right\.|Not quite\.) .+(captured|documented|observed|inferred|assumed)/);
    if (why.startsWith('Right.')) right += 1;
    assert.equal(await count(page, `${quiz} .is-right`), 1);
    // Once answered, it stays answered.
    await press(page, 'Enter');
    assert.equal(await text(page, `${quiz} .quiz__why`), why);
    // Past the other answer and the link to the rule.
    await press(page, ...Array(number % 2 ? 4 : 3).fill('Tab'), 'Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'quiz-question');
  }
  assert.equal(situations.size, 10);
  assert.match(await text(page, quiz), new RegExp(`${right} of 10 right`));
  await press(page, 'Tab', 'Enter');
  assert.match(await text(page, quiz), /Question 1 of 10, 0 right so far/);
  assert.ok(!situations.has(await text(page, `${quiz} .quiz__what`)));
});
