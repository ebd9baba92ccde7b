// The place Decode, as people use it: paste, read the verdict, tell what the server is like.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import {
  NARROW, assertAccessible, dropFile, inEachBrowser, paste, press, settled, text,
} from './harness.mjs';
import { authenticate } from './messages.mjs';

const vector = (name) => readFileSync(new URL(`../fixtures/vectors/${name}.b64`, import.meta.url), 'utf8').trim();
const T1 = vector('t1');
const T1_AUTHENTICATE = vector('t1-authenticate');

const verdicts = (page) => page.$$eval('.levels .level__verdict', (cards) => cards.map((card) => card.innerText.trim()));
const marked = (page, state, mark) => page.$$eval(`.byte-view__run.${state}`, (runs, mark) => ({
  all: runs.length, marked: runs.filter((run) => run.classList.contains(mark)).length,
}), mark);
const focused = (page) => page.evaluate(() => document.activeElement?.id ?? '');
/** Presses Tab until `found` holds for the focused element. */
async function tabTo(page, what, found) {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await page.evaluate(found)) return;
    await press(page, 'Tab');
  }
  assert.fail(`${what} is not reached by Tab`);
}

/** Keeps the server in force for later visits. */
async function keep(page) {
  await page.$$eval('.notes button', (buttons) => buttons.find(({ innerText }) => innerText.trim() === 'Keep').click());
  await settled(page);
}

inEachBrowser('a pasted AUTHENTICATE shows target name, MIC and three verdicts', async ({ page }) => {
  await paste(page, T1_AUTHENTICATE);
  assert.match(await text(page, 'h1.headline'), /10\.0\.0\.100.*DCFR.*dcfr\.lab\.lan/);
  const said = await text(page, '.said');
  assert.match(said, /cifs\/10\.0\.0\.100/);
  assert.match(said, /MIC Present/);
  assert.deepEqual(await verdicts(page), [
    'Accepted', "Depends on the server's addresses", "Depends on the server's addresses",
  ]);
  assert.equal(await page.$$eval('.levels .basis', (marks) => marks.length >= 3), true);
  assert.match(await page.title(), /cifs\/10\.0\.0\.100/);
});

inEachBrowser('a sign-in to a web server says so first, and is not to be fixed', async ({ page }) => {
  await paste(page, readFileSync(new URL('../fixtures/inputs/curl-v.txt', import.meta.url), 'utf8'));
  assert.match(await text(page, 'h1.headline'), /^This sign-in went to a web server \(HTTP\)\. The policy is about file servers\. Relayed to a file server, it would be denied at level 2\./);
  assert.match(await page.title(), /relayed to a file server, it would be denied at level 2/);
  assert.equal(await page.$('#ways'), null);
  const relayed = await text(page, '#relayed');
  assert.match(relayed, /What a relay to SMB would meet/);
  await page.click('#relayed a');
  await settled(page);
  assert.match(await page.evaluate(() => location.hash), /^#\/relay\/http-relay\//);
});

inEachBrowser('stating the address settles what depended on it, and stays in this tab until Keep is pressed', async ({ page, reload }) => {
  await paste(page, T1_AUTHENTICATE);
  await page.click('[aria-label="Edit the addresses"]');
  await settled(page);
  await page.type('#entries', 'ten');
  await page.click('.editor [type="submit"]');
  await settled(page);
  assert.match(await text(page, '.editor [role="alert"]'), /“ten” is not an address/);
  await paste(page, '10.0.0.11', '#entries');
  await page.click('.editor [type="submit"]');
  await settled(page);
  assert.deepEqual(await verdicts(page), ['Accepted', 'Denied', 'Denied']);
  await reload();
  await paste(page, T1_AUTHENTICATE);
  const depends = "Depends on the server's addresses";
  assert.deepEqual(await verdicts(page), ['Accepted', depends, depends], 'only Keep stores');
  await page.click('[aria-label="Edit the addresses"]');
  await settled(page);
  await paste(page, '10.0.0.11', '#entries');
  await page.click('.editor [type="submit"]');
  await settled(page);
  await keep(page);
  await reload();
  await paste(page, T1_AUTHENTICATE);
  assert.deepEqual(await verdicts(page), ['Accepted', 'Denied', 'Denied']);
});

inEachBrowser('adding the missing name to the allowed names changes the cards; removing it changes them back', async ({ page }) => {
  await page.click('.samples button');
  await settled(page);
  assert.deepEqual(await verdicts(page), ['Accepted', 'Denied', 'Denied']);
  assert.equal(await page.$eval('#allowed', (field) => field.value), '10.0.0.100');
  await page.click('.with-button [type="submit"]');
  await settled(page);
  assert.equal(await page.evaluate(() => localStorage.getItem('spnscope.server')), null, 'only Keep stores');
  assert.deepEqual(await verdicts(page), ['Accepted', 'Accepted', 'Accepted']);
  assert.match(await text(page, '.levels'), /10\.0\.0\.100 is listed in SrvAllowedServerNames/);
  await page.click('.token__remove');
  await settled(page);
  assert.deepEqual(await verdicts(page), ['Accepted', 'Denied', 'Denied']);
  assert.equal(await focused(page), 'allowed', 'focus is not lost with the button');
});

inEachBrowser('the three messages of an exchange are shown and can be chosen', async ({ page }) => {
  await paste(page, T1);
  const chips = await page.$$eval('.chip', (chips) => chips.map((chip) => chip.innerText.replace(/\s+/g, ' ').trim()));
  assert.deepEqual(chips, ['1 NEGOTIATE 40 bytes', '2 CHALLENGE 164 bytes', '3 AUTHENTICATE 370 bytes']);
  await page.click('.chip:nth-of-type(2)');
  await settled(page);
  const fields = await text(page, '.field-tree');
  assert.match(fields, /ServerChallenge/);
  assert.match(fields, /MsvAvDnsComputerName/);
  assert.equal((await verdicts(page)).length, 3, 'the verdict of the exchange stays');
  await page.click('.chip:nth-of-type(1)');
  await settled(page);
  assert.match(await text(page, '.field-tree'), /WorkstationFields/);
});

inEachBrowser('fields and bytes mark each other', async ({ page }) => {
  await paste(page, T1);
  const row = '.field-tree__row.is-mic';
  await page.hover(row);
  await settled(page);
  let runs = await marked(page, 'is-linked', 'is-mic');
  assert.ok(runs.all > 0 && runs.all === runs.marked, JSON.stringify(runs));
  await page.click(row);
  await settled(page);
  runs = await marked(page, 'is-selected', 'is-mic');
  assert.ok(runs.all > 0 && runs.all === runs.marked, JSON.stringify(runs));
  await page.hover('.byte-view__run.is-target-name');
  await settled(page);
  assert.equal(await page.$$eval('.field-tree__row.is-linked.is-target-name', (rows) => rows.length > 0), true);
  await page.click('dd.is-target-name .jump');
  await settled(page);
  runs = await marked(page, 'is-selected', 'is-target-name');
  assert.ok(runs.all > 0 && runs.all === runs.marked, JSON.stringify(runs));
  await page.mouse.move(0, 0);
  await settled(page);
  assert.match(await text(page, '.inspector'), /MsvAvTargetName.*312/);
});

inEachBrowser('everything is done with the keyboard alone', async ({ page }) => {
  assert.equal(await focused(page), 'paste', 'the box has focus on load');
  await page.keyboard.type(T1_AUTHENTICATE.slice(0, 12));
  await paste(page, T1);
  assert.equal(await focused(page), 'paste', 'the box keeps its focus when the answer appears');
  await tabTo(page, 'the field tree', () => document.activeElement?.closest('.field-tree') !== null);
  await press(page, 'End', 'Home', 'ArrowDown', 'ArrowDown', 'Enter');
  assert.equal(await page.$$eval('.field-tree [aria-selected="true"]', (rows) => rows.length), 1);
  assert.ok((await marked(page, 'is-selected', 'x')).all > 0);
  await press(page, 'Escape');
  assert.equal((await marked(page, 'is-selected', 'x')).all, 0);
  await press(page, 'ArrowRight');
  await tabTo(page, 'the bytes', () => document.activeElement?.id === 'bytes');
  await press(page, 'Home', 'ArrowRight', 'ArrowRight', 'Enter');
  assert.ok((await marked(page, 'is-selected', 'x')).all > 0);
  await press(page, 'Escape');
  await tabTo(page, 'the allowed names', () => document.activeElement?.id === 'allowed');
  await page.keyboard.type('10.0.0.100');
  await press(page, 'Enter');
  const after = await verdicts(page);
  assert.deepEqual(after, ['Accepted', 'Accepted', 'Accepted']);
});

inEachBrowser('what is not understood gets a sentence, and the box keeps text and focus', async ({ page }) => {
  await paste(page, 'hello');
  assert.match(await text(page, '.refusal'), /No NTLM message was found/);
  assert.equal(await page.$eval('#paste', (box) => box.value), 'hello');
  assert.equal(await focused(page), 'paste');
  await assertAccessible(page);
  await paste(page, T1);
  assert.equal(await text(page, '.refusal'), '');
  assert.equal((await verdicts(page)).length, 3);
  await paste(page, '');
  assert.match(await text(page, 'h1'), /See which server a Windows sign-in was meant for/);
});

inEachBrowser('a file with bytes can be dropped', async ({ page }) => {
  const bytes = Buffer.concat([Buffer.from([5, 0, 11]), Buffer.from(T1_AUTHENTICATE, 'base64'), Buffer.from([0, 0])]);
  await dropFile(page, { name: 'packet.bin', bytes });
  await page.waitForSelector('.levels .level');
  assert.match(await text(page, '.trail'), /other bytes/);
  assert.match(await text(page, '.said'), /cifs\/10\.0\.0\.100/);
});

inEachBrowser('a cut message says where it ends, and is not judged', async ({ page }) => {
  const cut = Buffer.from(T1_AUTHENTICATE, 'base64').subarray(0, 330).toString('base64');
  await paste(page, cut);
  assert.match(await text(page, '.findings'), /The paste ends at byte 330 of 370 of this message/);
  assert.deepEqual(await verdicts(page), ['Not known', 'Not known', 'Not known']);
  await assertAccessible(page);
});

inEachBrowser('names from the wire are shown as text, with what hides in them made visible', async ({ page }) => {
  const hostile = Buffer.from(T1_AUTHENTICATE, 'base64');
  // Fifteen units in the target name, eight in the workstation.
  Buffer.from('<img src=x>\u202e/\u0007x', 'utf16le').copy(hostile, 316);
  Buffer.from('<b>\u202eab\u2066', 'utf16le').copy(hostile, 102);
  await paste(page, hostile.toString('base64'));
  assert.equal(await page.$$eval('main img, main b img, .said b b', (found) => found.length), 0);
  const said = await text(page, 'main');
  assert.match(said, /<img src=x>\\u\{202e\}\/\\u\{7\}/);
  assert.doesNotMatch(await page.$eval('main', (main) => main.textContent), /[\u0007\u202e\u2066]/);
  assert.doesNotMatch(await page.title(), /[\u0007\u202e]/);
});

inEachBrowser('nothing of a paste is stored, and the address stays as it was', async ({ page, server }) => {
  await paste(page, T1);
  await page.click('.chip:nth-of-type(2)');
  await page.click('.theme__choice:last-child');
  await paste(page, 'files.lab.lan', '#allowed');
  await page.click('.with-button [type="submit"]');
  await settled(page);
  await keep(page);
  const stored = await page.evaluate(async () => ({
    local: Object.keys(localStorage).sort(),
    values: Object.values(localStorage).join(' '),
    session: sessionStorage.length,
    cookie: document.cookie,
    databases: (await indexedDB.databases?.())?.length ?? 0,
    address: location.href,
  }));
  assert.deepEqual(stored.local, ['spnscope.server', 'spnscope.theme']);
  assert.deepEqual([stored.session, stored.cookie, stored.databases], [0, '', 0]);
  assert.equal(stored.address.split('#')[0], server.url);
  for (const secret of ['TlRM', '4e544c', 'COMPUTER', 'User', 'cifs/']) {
    assert.ok(!stored.values.includes(secret) && !stored.address.includes(secret), secret);
  }
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
});

inEachBrowser('a server that was kept in a form that is not understood is passed over', {
  before: (page) => page.evaluateOnNewDocument(() => localStorage.setItem('spnscope.server', '{"role": 7')),
}, async ({ page }) => {
  await paste(page, T1);
  assert.equal((await verdicts(page)).length, 3);
});

inEachBrowser('a message of 64 KiB is shown without drawing every byte', async ({ page }) => {
  const long = Buffer.concat([Buffer.from(T1_AUTHENTICATE, 'base64'), Buffer.alloc(65_000, 0x41)]);
  await paste(page, long.toString('base64'));
  assert.equal((await verdicts(page)).length, 3);
  assert.ok((await page.$$eval('.byte-view__run', (runs) => runs.length)) < 5_000);
});

inEachBrowser('a name of 2,000 characters is cut where it is a sentence or a title', { viewport: NARROW }, async ({ page }) => {
  const texts = { MsvAvTargetName: `cifs/${'n'.repeat(2_000)}` };
  await paste(page, authenticate({ domain: '', user: '', workstation: '', texts }).toString('base64'));
  assert.match(await text(page, 'h1.headline'), /n{50,64}…/);
  assert.ok((await page.title()).length < 200);
});

inEachBrowser('a step of the trail says where it stands and what it says', async ({ page }) => {
  await paste(page, `x: 1\nAuthorization: NTLM ${T1_AUTHENTICATE}`);
  const steps = () => page.$$eval('.trail__step', (steps) => steps.map((step) => step.getAttribute('aria-expanded')));
  assert.deepEqual(await steps(), ['false', 'false', 'false']);
  await page.click('.trail li:nth-of-type(1) button');
  await settled(page);
  assert.deepEqual(await steps(), ['true', 'false', 'false']);
  assert.match(await text(page, '#layer'), /Authorization header: characters 6 to 521 of the paste/);
  await page.click('.trail li:nth-of-type(1) button');
  await settled(page);
  assert.equal(await page.$eval('#layer', (layer) => layer.hidden), true);
  await page.click('.said .jump');
  await settled(page);
  assert.match(await text(page, '.inspector'), /pasted as characters \d+ to \d+/);
});

inEachBrowser('the bytes stay in sight beside the fields, and cover nothing below them', async ({ page }) => {
  await paste(page, T1);
  const [covered, stays] = await page.evaluate(() => {
    const at = (selector) => document.querySelector(selector).getBoundingClientRect();
    document.querySelector('.bench__fields').scrollIntoView({ block: 'end' });
    const stays = at('.bench__bytes').top >= 0;
    scrollTo(0, document.documentElement.scrollHeight);
    return [at('.bench__bytes').bottom > at('#steps').top, stays];
  });
  assert.equal(stays, true);
  assert.equal(covered, false);
});

inEachBrowser('two messages are compared field by field', async ({ page }) => {
  await paste(page, T1);
  await page.click('#compare summary');
  await settled(page);
  const choices = await page.$$eval('#compare-choice option', (options) => options.map((option) => option.innerText));
  assert.deepEqual(choices, ['no message', '1 NEGOTIATE, 40 bytes', '2 CHALLENGE, 164 bytes']);
  await page.select('#compare-choice', '1');
  await settled(page);
  assert.match(await text(page, '.compare__table'), /MessageType/);
  await paste(page, vector('t2-authenticate'), '#compare-paste');
  const table = await text(page, '.compare__table');
  assert.match(table, /MsvAvTargetName/);
  assert.match(table, /cifs\/10\.0\.0\.100/);
  await assertAccessible(page);
  await paste(page, 'nothing', '#compare-paste');
  assert.match(await text(page, '.compare__summary'), /NTLMSSP/);
  assert.equal(await page.$('.compare__table'), null);
});

inEachBrowser('the second box stands beside the first, and what differs is marked', async ({ page }) => {
  await paste(page, T1);
  await page.click('#compare summary');
  await settled(page);
  const [first, second] = await page.evaluate(() =>
    ['#paste', '#compare-paste'].map((box) => document.querySelector(box).getBoundingClientRect().toJSON()));
  assert.ok(second.left > first.right, 'beside it');
  assert.ok(Math.abs(second.width - first.width) < 2, 'as wide');
  const sample = await page.$$eval('.paste__samples .link', (links) => links.length);
  assert.ok(sample > 1);
  await paste(page, vector('t2-authenticate'), '#compare-paste');
  assert.match(await text(page, '.compare__table tbody tr:first-child'), /^Answer Denied at levels 1 and 2, unless 10\.0\.0\.100 is DCFR's own address\. Denied at levels 1 and 2, unless 10\.0\.0\.11 is DCFR's own address\. another answer/);
  const rows = await page.$$eval('.compare__table tbody tr', (rows) => rows.map((row) => [...row.querySelectorAll('td')].slice(0, 2)
    .map((cell) => [...cell.querySelectorAll('mark')].map((mark) => mark.textContent).join(','))));
  assert.ok(rows.some(([left, right]) => left === '00' && right === '1'), JSON.stringify(rows.slice(0, 8)));
  const above = await page.evaluate(() =>
    document.querySelector('.compare__table').getBoundingClientRect().bottom < document.querySelector('.field-tree').getBoundingClientRect().top);
  assert.ok(above, 'it is above what it rests on');
  await page.$$eval('.compared .link', (links) => links.at(-1).click());
  await settled(page);
  assert.equal(await page.$('.compare__table'), null);
});

inEachBrowser('what is folded and what is chosen can be seen in print', async ({ page }) => {
  await paste(page, T1);
  const folded = () => page.$$eval('main details:not([open])', (all) => all.length);
  const before = await folded();
  assert.ok(before > 0);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.equal(await folded(), 0);
  const adjust = await page.$eval('.choice label:has(:checked)', (label) => getComputedStyle(label).printColorAdjust);
  assert.equal(adjust, 'economy', 'on the screen nothing is said of it');
  await page.emulateMediaType('print').catch(() => {});
  if (await page.evaluate(() => matchMedia('print').matches)) {
    const printed = await page.$$eval('[aria-pressed="true"], .choice label:has(:checked)', (all) =>
      all.map((one) => getComputedStyle(one).printColorAdjust));
    assert.ok(printed.length > 0 && printed.every((adjust) => adjust === 'exact'), String(printed));
    const isDrawn = (selector) => page.$$eval(selector, (all) => all.filter((one) => one.checkVisibility()).length);
    assert.deepEqual([await isDrawn('.copy'), await isDrawn('.button--main')], [0, 0], 'nothing can be pressed on paper');
    const cut = await page.$$eval('.command pre', (all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent));
    assert.deepEqual(cut, [], 'commands are printed whole');
  }
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  assert.equal(await folded(), before);
});

inEachBrowser('flags are told apart in little room, and places stay in one line', async ({ page }) => {
  await paste(page, T1);
  await page.$$eval('.bench__fields .button--bare', ([unfold]) => unfold.click());
  await settled(page);
  const flags = await page.$$eval('.field-tree__label', (labels) => labels
    .filter((label) => label.title.startsWith('NTLMSSP_')).map((label) => [label.textContent, label.scrollWidth <= label.clientWidth]));
  assert.ok(flags.length > 5 && flags.every(([name]) => !name.startsWith('NTLMSSP_NEGOTIATE_')), JSON.stringify(flags));
  assert.deepEqual(flags.filter(([, fits]) => !fits), []);
  const kerberos = readFileSync(new URL('../fixtures/captures/ad-smb3-kerberos-by-fqdn.pcapng', import.meta.url));
  await dropFile(page, { name: 'kerberos.pcapng', bytes: kerberos });
  await page.waitForSelector('.field-tree--long');
  const broken = await page.$$eval('.field-tree__at', (all) => all.filter((at) => {
    const range = document.createRange();
    range.selectNodeContents(at);
    return range.getClientRects().length > 1 || at.scrollWidth > at.clientWidth;
  }).map((at) => at.textContent));
  assert.deepEqual(broken, []);
});

inEachBrowser('the answer is there before what it rests on', async ({ page }) => {
  await page.evaluate(() => {
    const words = (selector) => document.querySelector(selector)?.textContent ?? '';
    globalThis.seen = [];
    new MutationObserver(() => {
      const answer = words('.levels');
      const now = { answer, rest: words('.bench__bytes .byte-view') };
      const last = globalThis.seen.at(-1);
      if (answer && (last?.answer !== now.answer || last.rest !== now.rest)) globalThis.seen.push(now);
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
  const seen = async () => (await page.evaluate(() => globalThis.seen.splice(0))).map(({ answer, rest }) => ({ answer, rest }));
  await paste(page, T1);
  await page.waitForSelector('.bench__bytes .byte-view');
  const [first, whole] = await seen();
  assert.equal(first.rest, '', 'the bytes do not wait for the answer');
  assert.notEqual(whole.rest, '');

  // What another message's answer rests on takes the place of the first one's, which does not go before.
  await paste(page, vector('t2'));
  await page.waitForFunction((rest) => document.querySelector('.bench__bytes .byte-view').textContent !== rest, {}, whole.rest);
  const [other, ...last] = await seen();
  assert.notEqual(other.answer, whole.answer);
  assert.equal(other.rest, whole.rest);
  assert.notEqual(last.at(-1).rest, whole.rest);
  assert.equal(last.at(-1).answer, other.answer);
});
