// Learn: chapters that are there without the program, live pieces in them, and the quiz.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';

import { startServer } from '../tools/static-server.mjs';
import { assertAccessible, go, inEachBrowser, paste, press, settled, text } from './harness.mjs';

const LEARN = { hash: '#/learn' };
const PIECES = [
  'story', 'parts', 'bytes', 'protection', 'levels', 'names', 'events', 'others', 'baselines', 'fix', 'limits', 'ticket', 'siblings', 'lab',
];

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
  await go(page, '#/decode');
  assert.equal(await shown(page), false);
  assert.equal(await count(page, '.learn .widget'), 0, 'the pieces are gone with it');
  await go(page, '#learn-names');
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
  await choose(page, 'protection', 'removes the MIC');
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

  assert.match(await text(page, piece('others')), /Denied.*5168 \(Security\).*it is the name check/);
  await choose(page, 'others', 'required signing');
  assert.match(await text(page, piece('others')), /The attack fails.*First request STATUS_ACCESS_DENIED/);

  assert.match(await text(page, piece('baselines')), /Denied.*A relay at 10\.0\.0\.100 The attack fails/);
  await choose(page, 'baselines', 'DISA');
  assert.match(await text(page, piece('baselines')), /Accepted.*The attack succeeds/);

  await choose(page, 'siblings', 'yes');
  assert.deepEqual(await minis(page, 'siblings'), ['Accepted', 'Denied', 'Denied']);

  assert.match(await text(page, piece('lab')), /The shares are listed/);
  await choose(page, 'lab', 'smbclient -L //10.0.0.100');
  assert.match(await text(page, piece('lab')), /NT_STATUS_ACCESS_DENIED/);
});

const marked = (page) => page.$$eval('.contents [aria-current]', (links) => links.map((link) => link.getAttribute('href')));
const scrolled = (page) => page.evaluate(() => Math.round(scrollY));
/** Scrolls to a heading, and waits until the list of chapters marks it. */
async function read(page, id) {
  await page.$eval(`#${id}`, (heading) => heading.scrollIntoView());
  await page.waitForFunction((href) => document.querySelector('.contents [aria-current]')?.getAttribute('href') === href, {}, `#${id}`);
}

inEachBrowser('one comes back to where one was, and the list marks the chapter', LEARN, async ({ page }) => {
  for (const id of ['learn-bytes', 'learn-baselines']) {
    await read(page, id);
    assert.deepEqual(await marked(page), [`#${id}`]);
  }
  const at = await scrolled(page);
  assert.ok(at > 1000);
  const isBack = (page) => page.waitForFunction((at) => Math.abs(scrollY - at) < 3, {}, at);
  await page.click('.masthead__place[href="#/decode"]');
  await settled(page);
  await page.goBack();
  await isBack(page);
  assert.deepEqual(await marked(page), ['#learn-baselines']);
  await go(page, '#/relay');
  // The bar with the answer goes once the head of the page is in sight.
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForSelector('.verdict-bar', { hidden: true });
  await page.click('.masthead__place[href="#/learn"]');
  await isBack(page);
  // A chapter asked for by its name is shown from its head.
  await go(page, '#/decode');
  await go(page, '#learn-names');
  await page.waitForFunction(() => {
    const { top } = document.getElementById('learn-names').getBoundingClientRect();
    return top >= 0 && top < innerHeight / 3;
  });
  assert.deepEqual(await marked(page), ['#learn-names']);
});

inEachBrowser('a link to another place shows that from its head, and Back is where the link was', LEARN, async ({ page }) => {
  await read(page, 'learn-limits');
  const at = await scrolled(page);
  await page.$eval('.chapter a[href="#/relay"]', (link) => link.click());
  await page.waitForFunction(() => document.documentElement.dataset.place === 'relay' && scrollY === 0);
  await page.goBack();
  await page.waitForFunction((at) => Math.abs(scrollY - at) < 3, {}, at);
});

inEachBrowser('each chapter leads to the ones beside it, and a term to what it means', LEARN, async ({ page }) => {
  const turns = await page.$$eval('.chapter', (chapters) =>
    chapters.map((chapter) => [...chapter.querySelectorAll('.chapter__turn a')].map((link) => link.getAttribute('href'))));
  const ids = await page.$$eval('.chapter h2', (headings) => headings.map(({ id }) => id));
  for (const [index, links] of turns.entries()) {
    const beside = [ids[index - 1], ids[index + 1]].filter(Boolean).map((id) => `#${id}`);
    assert.deepEqual(links, beside, ids[index]);
  }
  await page.click('.chapter a[href="#learn-term-spn"]');
  await page.waitForFunction(() => {
    const { top, bottom } = document.getElementById('learn-term-spn').getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
  assert.equal(await shown(page), true);
});

inEachBrowser('every command of the chapters has a button that copies it', LEARN, async ({ page }) => {
  const buttons = await page.$$eval('.learn__command', (places) => places.map((place) => place.querySelectorAll('.copy').length));
  assert.deepEqual(buttons, [1, 1, 1, 1, 1]);
  const texts = await page.$$eval('.learn__command', (places) =>
    places.map((place) => [...place.querySelectorAll('pre')].map((pre) => [pre.textContent, getComputedStyle(pre).display === 'none'])));
  for (const [[told, isHidden], [copied, isShown]] of texts) {
    assert.equal(told, copied);
    assert.deepEqual([isHidden, isShown], [true, false], 'one of the two is shown');
  }
});

inEachBrowser('the end of the quiz lists what was wrong, and shows its message', LEARN, async ({ page }) => {
  const quiz = piece('quiz');
  const wrong = [];
  for (let number = 0; number < 10; number += 1) {
    const situation = await text(page, `${quiz} .quiz__what`);
    await page.click(`${quiz} .quiz__answer`);
    await settled(page);
    if ((await text(page, `${quiz} .quiz__why`)).startsWith('Not quite.')) wrong.push(situation);
    await page.click(`${quiz} .button--main`);
    await settled(page);
  }
  const items = await page.$$eval(`${quiz} .quiz__item`, (all) => all.map((item) => item.innerText.replace(/\s+/g, ' ').trim()));
  assert.equal(items.length, wrong.length);
  for (const [index, item] of items.entries()) {
    assert.ok(item.startsWith(wrong[index]), item);
    assert.match(item, /You said: Let it in\. Right: (Deny it for the target name|Refuse it before it checks the name)\./);
  }
  await assertAccessible(page);
  const [see] = await page.$$(`${quiz} .quiz__item button`);
  await see.click();
  await settled(page);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.place), 'decode');
  assert.match(await text(page, 'h1.headline'), /^(Denied|Refused)/);
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
