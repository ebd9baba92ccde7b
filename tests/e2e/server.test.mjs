// The server side: importing it, the way out of a denial, the events, and how we know.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before } from 'node:test';

import { NARROW, assertAccessible, dropFile, go, inEachBrowser, paste, press, settled, text } from './harness.mjs';
import { buildProgram, spnscope } from './program.mjs';

const fixture = (name) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
const T1 = fixture('vectors/t1.b64').toString().trim();
const EVENT = fixture('imports/event-5168.txt').toString();

before(buildProgram);

const verdicts = (page) => page.$$eval('.levels .level__verdict', (cards) => cards.map((card) => card.innerText.trim()));
const count = (page, selector) => page.$$eval(selector, (found) => found.length);
const allowed = (page) => page.$$eval('.token--loose', (tokens) => tokens.map((token) => token.innerText.trim()));
async function click(page, selector) {
  await page.$eval(selector, (element) => element.click());
  await settled(page);
}
async function importText(page, words) {
  if (!(await page.$eval('#import', ({ open }) => open))) await click(page, '#import summary');
  await paste(page, words, '#import-text');
  await click(page, '#import [type=submit]');
}
/** Everything that the browser keeps of the server. */
const keptServer = (page) => page.evaluate(() => localStorage.getItem('spnscope.server'));
/** Presses the button of that name beside the answer. */
async function pressBeside(page, words) {
  await page.$$eval('.notes button', (buttons, words) => buttons.find(({ innerText }) => innerText.trim() === words).click(), words);
  await settled(page);
}
/** What was copied last, or why nothing was. */
async function copied(page, selector) {
  await page.evaluate(() => {
    globalThis.copied = null;
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: async (words) => { globalThis.copied = words; } },
    });
  });
  await click(page, selector);
  return page.evaluate(() => globalThis.copied);
}

inEachBrowser('a 5168 is imported, judged, and cured with one click that can be taken back', async ({ page }) => {
  await paste(page, T1);
  await importText(page, EVENT);
  const read = await text(page, '.import__read');
  assert.match(read, /Event 5168, line 5: cifs\/10\.0\.0\.100 was refused: .* The client would have to ask for cifs\/dcfr\.lab\.lan/);
  assert.match(read, /Server names: DCFR, dcfr\.lab\.lan.*Addresses: 10\.0\.0\.11, fe80::1/);
  assert.deepEqual(await verdicts(page), ['Accepted', 'Denied', 'Denied']);
  await assertAccessible(page);
  await click(page, '.way .button--main');
  assert.deepEqual(await verdicts(page), ['Accepted', 'Accepted', 'Accepted']);
  assert.deepEqual(await allowed(page), ['10.0.0.100']);
  assert.match(await text(page, '.way__now:not(:empty)'), /Tried here: Accepted at every level\./);
  await assertAccessible(page);
  await click(page, '.way .button:not(.copy)');
  assert.deepEqual(await verdicts(page), ['Accepted', 'Denied', 'Denied']);
  assert.deepEqual(await allowed(page), []);
});

inEachBrowser('a 5168 in the paste box is answered at once, as a sign-in is, without a word of NTLM', async ({ page, reload }) => {
  await paste(page, EVENT);
  assert.equal(await text(page, '.refusal'), '');
  assert.doesNotMatch(await text(page, 'main'), /No NTLM message|base64, as hex|you say/);
  assert.match(await text(page, 'h1.headline'), /^Denied at levels 1 and 2\. The client asked for 10\.0\.0\.100/);
  assert.match(await page.title(), /^SPNscope: denied at levels 1 and 2$/);
  assert.deepEqual(await verdicts(page), ['Accepted', 'Denied', 'Denied']);
  const [why, ...again] = (await text(page, 'main')).match(/was refused/g);
  assert.ok(why && again.length === 0, 'it is said once');
  const taken = /^Server taken from this event, not kept: DCFR, 10\.0\.0\.11, fe80::1\. Keep it$/;
  assert.match(await text(page, '.notes'), taken);
  await assertAccessible(page);
  await click(page, '.way .button--main');
  assert.deepEqual(await verdicts(page), ['Accepted', 'Accepted', 'Accepted']);
  await pressBeside(page, 'Undo');
  assert.deepEqual(await verdicts(page), ['Accepted', 'Denied', 'Denied']);
  assert.equal(await keptServer(page), null, 'only Keep stores');
  await paste(page, '');
  await paste(page, EVENT);
  assert.match(await text(page, '.notes'), taken);
  await pressBeside(page, 'Keep it');
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.doesNotMatch(kept, /jane|0x5F2A1|SPN check|cifs/, 'nothing is kept but settings');
  assert.match(kept, /name DCFR/);
  await reload();
  await paste(page, T1);
  assert.match(await text(page, '.rail .tokens'), /DCFR dcfr\.lab\.lan/);
  assert.equal(await page.$eval('#import-text', (area) => area.value), '');
});

inEachBrowser('what is tried is never remembered, whatever is done after it', async ({ page, reload }) => {
  const flows = {
    'nothing else': async () => {},
    'the panel is edited': async () => {
      await paste(page, 'nas.lab.lan', '#allowed');
      await press(page, 'Enter');
      await page.$$eval('.check input', ([first]) => first.click());
      await settled(page);
    },
    'another place is opened': async () => {
      await go(page, '#/relay');
      await page.waitForSelector('.lab:not([hidden] *)');
      await go(page, '#/decode');
    },
    'a sample is opened': () => click(page, '.paste__samples .link'),
    'an event is imported': () => importText(page, EVENT),
    'another sign-in is pasted': () => paste(page, T1.split('\n').at(-1)),
    'it is tried again': async () => {
      await pressBeside(page, 'Undo');
      await click(page, '.way .button--main');
    },
  };
  for (const [name, flow] of Object.entries(flows)) {
    await paste(page, T1);
    const before = await verdicts(page);
    await click(page, '.way .button--main');
    assert.deepEqual(await verdicts(page), ['Accepted', 'Accepted', 'Accepted'], name);
    assert.match(await text(page, '.notes'), /^Tried, not kept: 10\.0\.0\.100 as .*Undo Keep$/, name);
    await flow();
    assert.equal(await keptServer(page), null, name);
    await reload();
    await paste(page, T1);
    assert.deepEqual(await verdicts(page), before, name);
    assert.equal(await text(page, '.notes'), '', name);
    await reload();
  }
});

inEachBrowser('an event that came by a link is used in this tab and is not remembered', {
  hash: `#/decode/${Buffer.from(EVENT).toString('base64url')}`,
}, async ({ page, reload }) => {
  await page.waitForSelector('.levels .level');
  assert.match(await text(page, '.notes'), /Server taken from this event, not kept: DCFR.*Keep it/);
  await assertAccessible(page);
  assert.equal(await keptServer(page), null);
  await go(page, '#/decode');
  await paste(page, T1);
  assert.match(await text(page, '.rail .panel'), /Read from the CHALLENGE/, 'it says nothing of other sign-ins');
  await reload();
  await paste(page, T1);
  assert.match(await text(page, '.rail .panel'), /Read from the CHALLENGE/);
});

inEachBrowser('what is kept is named beside each answer that uses it, and is forgotten at a press', async ({ page, reload }) => {
  await paste(page, T1);
  await paste(page, '10.0.0.100', '#allowed');
  await press(page, 'Enter');
  await pressBeside(page, 'Keep');
  const named = /^Answered for your server, remembered \d+ \w{3} \d{4}: DCFR; also allowed: 10\.0\.0\.100\. Forget it$/;
  assert.match(await text(page, '.notes'), named);
  await reload();
  assert.match(await text(page, '.notes'), /^Your server is remembered since \d+ \w{3} \d{4}: DCFR; also allowed: 10\.0\.0\.100\./);
  await assertAccessible(page);
  await paste(page, T1);
  assert.match(await text(page, '.notes'), named);
  assert.deepEqual(await verdicts(page), ['Accepted', 'Accepted', 'Accepted']);
  await assertAccessible(page);
  const printed = ['challenge', 'authenticate'].map((kind) => fixture(`vectors/ms-nlmp-4.2.4.3-${kind}.hex`).toString());
  await paste(page, printed.join('\n'));
  assert.match(await text(page, '.notes'), /^Your remembered server DCFR is not this one\. Use it all the same Forget it$/);
  await pressBeside(page, 'Use it all the same');
  assert.match(await text(page, '.notes'), named);
  await pressBeside(page, 'Forget it');
  assert.equal(await keptServer(page), null);
  await reload();
  assert.equal(await text(page, '.notes'), '');
  await paste(page, T1);
  assert.notDeepEqual(await verdicts(page), ['Accepted', 'Accepted', 'Accepted']);
});

inEachBrowser('of several events each can be chosen, and headline, sentence and cards are about that one', async ({ page }) => {
  await paste(page, fixture('imports/events.xml').toString());
  assert.equal(await count(page, '.told__event'), 3);
  for (const [index, name, denied] of [[0, '10.0.0.100', false], [1, 'files&more', true], [2, '10.0.0.200', true]]) {
    await page.$$eval('.told__event', (rows, at) => rows[at].click(), index);
    await settled(page);
    const pressed = await page.$$eval('.told__event', (rows) => rows.map((row) => row.ariaPressed ?? row.getAttribute('aria-pressed')));
    assert.deepEqual(pressed, [0, 1, 2].map((at) => String(at === index)));
    const row = await page.$$eval('.told__event', (rows, at) => rows[at].innerText, index);
    assert.ok(row.includes(name) && row.includes(denied ? 'now denied' : 'now accepted'), row);
    assert.ok((await text(page, 'h1.headline')).includes(name));
    assert.ok((await text(page, '.told__why')).includes(name));
    assert.equal((await verdicts(page)).includes('Denied'), denied);
  }
  await assertAccessible(page);
});

inEachBrowser('what looks like an event and is not understood allows nothing, and is asked about', async ({ page }) => {
  await paste(page, fixture('cases/min-02-event-in-json-becomes-allowed-names.txt').toString());
  assert.deepEqual(await verdicts(page), ['Accepted', 'Denied', 'Denied']);
  assert.deepEqual(await allowed(page), []);
  await importText(page, 'SmbServerNameHardeningLevel,1');
  assert.deepEqual(await allowed(page), []);
  assert.match(await text(page, '.import__read'), /This looks like settings of a server/);
  await paste(page, 'LAB;lab.lan;dcfr.lab.lan;DCFR;LocalHost;');
  assert.match(await text(page, '.refusal'), /These look like the server's own names/);
  assert.equal(await count(page, '.refusal button'), 0);
});

inEachBrowser('settings in the paste box are said in short, used at a press, and mark the level that is set', async ({ page }) => {
  for (const [name, short, set] of [
    ['imports/reg-query.txt', 'level 1, allowed 10\\.0\\.0\\.100, nas\\.lab\\.lan', 1],
    ['imports/get-smbserverconfiguration.txt', 'level 2.*', 2],
  ]) {
    await paste(page, fixture(name).toString());
    assert.match(await text(page, '.refusal'), new RegExp(`^These are settings of a server: ${short}\\. Use these settings$`));
    await assertAccessible(page);
    await click(page, '.refusal button');
    assert.equal(await text(page, '.refusal'), '');
    assert.match(await text(page, 'h1.headline'), /^These are settings of a server\. Paste a sign-in too/);
    assert.equal(await keptServer(page), null);
    await paste(page, T1);
    const marks = await page.$$eval('.level', (cards) => cards.map((card) => card.innerText.includes('set on your server')));
    assert.deepEqual(marks, [0, 1, 2].map((level) => level === set), name);
    await assertAccessible(page, '.levels');
  }
});

inEachBrowser('words are not taken for a server, and an import can be taken back', async ({ page }) => {
  await paste(page, 'hello');
  assert.equal(await count(page, '.refusal button'), 0);
  await paste(page, T1);
  await importText(page, EVENT);
  assert.match(await text(page, '.rail .tokens'), /DCFR/);
  const back = await page.$$('#import .button-row button');
  assert.equal(back.length, 3);
  await back[2].click();
  await settled(page);
  assert.match(await text(page, '.rail .panel'), /Read from the CHALLENGE/);
  assert.equal(await text(page, '.import__read'), '');
});

inEachBrowser('an import that does not show the allowed names leaves them alone', async ({ page }) => {
  await paste(page, T1);
  await paste(page, 'nas.lab.lan', '#allowed');
  await press(page, 'Enter');
  await importText(page, fixture('imports/get-smbserverconfiguration.txt').toString());
  assert.deepEqual(await allowed(page), ['nas.lab.lan']);
  assert.match(await text(page, '.import__read'), /Level: 2 .*SrvAllowedServerNames is not shown there, so that list stays as it is/);
  assert.equal(await count(page, '.way__run .command'), 1, 'the whole list is not known, so it is not replaced');
  await importText(page, EVENT);
  assert.deepEqual(await allowed(page), [], 'the event shows that the list is empty');
  assert.equal(await count(page, '.way__run .command'), 3, 'now the whole list is known');
  await dropFile(page, { name: 'server.reg', bytes: fixture('imports/server.reg') }, '#import');
  await page.waitForFunction(() => document.querySelector('.import__read').innerText.includes('a .reg file'));
  assert.deepEqual(await allowed(page), ['10.0.0.100', 'nas.lab.lan'], 'in UTF-16');
  assert.deepEqual(await verdicts(page), ['Accepted', 'Accepted', 'Accepted']);
});

inEachBrowser('hostile names in a 5168 are shown as text', async ({ page }) => {
  await paste(page, T1);
  await importText(page, EVENT.replaceAll('10.0.0.100', '<img src=x onerror=alert(1)>\u202eoff').replace('DCFR;', '\u202e<b>x</b>;'));
  assert.equal(await count(page, '#app img, #app bdi b, .token b'), 0);
  const shown = await page.$eval('#app', (app) => [...app.querySelectorAll('*')].filter(({ id }) => !/^(import-text|paste)$/.test(id))
    .flatMap(({ childNodes }) => [...childNodes]).filter(({ nodeType }) => nodeType === 3).map(({ data }) => data).join('\n'));
  assert.ok(!shown.includes('\u202e'), 'no hidden character');
  assert.match(shown, /cifs\/<img src=x onerror=alert\(1\)>\\u\{202e\}off was refused/);
});

inEachBrowser('commands are copied as they are', { viewport: NARROW }, async ({ page }) => {
  await paste(page, T1);
  const command = await copied(page, '.ways .copy');
  assert.match(command, /^& \{\n.*'SrvAllowedServerNames'/s);
  assert.match(command, /-notcontains '10\.0\.0\.100'/);
  assert.equal(await text(page, '#said'), 'Copied');
  const words = await page.$eval('#ways', (ways) => ways.textContent);
  assert.doesNotMatch(words, /HardeningLevel 0|HardeningLevel=4,0|\/d 0/);
  assert.match(words, /Do not switch the check off by setting the level to 0/);
  await page.$$eval('.advice details', (folds) => folds.forEach((fold) => { fold.open = true; }));
  await settled(page);
  await assertAccessible(page, '#ways');
  assert.match(await text(page, '.advice'), /Policy CSP \.\/Vendor\/MSFT/);
});

inEachBrowser('the events are there as text and as XML, and what switches on those that are not', async ({ page }) => {
  await paste(page, T1);
  await click(page, '.level:nth-child(2) .level__more');
  const unfold = () => page.$$eval('.level-details details', (folds) => folds.forEach((fold) => { fold.open = true; }));
  await unfold();
  await settled(page);
  const shown = await text(page, '.level-details .events');
  assert.match(shown, /4624 \(Security\).*5168 \(Security\).*551 \(SMBServer\/Security\)/);
  assert.match(shown, /SPN Name: cifs\/10\.0\.0\.100/);
  assert.match(shown, /<Data Name="SpnName">cifs\/10\.0\.0\.100<\/Data>/);
  assert.match(shown, /3025 is not written .*AuditClientSpnSupport/);
  await assertAccessible(page, '.bench');
  await page.$$eval('.check input', ([fileShare]) => fileShare.click());
  await settled(page);
  await unfold();
  const off = await text(page, '.level-details .events');
  assert.match(off, /5168 is not written .*auditpol \/set \/subcategory:"File Share" \/failure:enable/);
});

inEachBrowser('every rule has its place, and each basis leads to one', async ({ page }) => {
  const codes = JSON.parse(spnscope('rules', '--format', 'json').stdout).map(({ code }) => code);
  assert.ok(codes.length > 40);
  assert.equal(await page.$eval('#rules', ({ open }) => open), false);
  await click(page, '.foot a[href="#rules"]');
  assert.equal(await page.$eval('#rules', ({ open }) => open), true);
  const listed = await page.$$eval('.rules__list li', (rules) => rules.map(({ id }) => id.replace('rule-', '')));
  assert.deepEqual(listed.sort(), codes.sort());
  await assertAccessible(page);
  await click(page, '.samples button');
  await page.$eval('#rules', (rules) => { rules.open = false; });
  const links = await page.$$eval('.basis__link', (links) => links.map((link) => link.getAttribute('href').slice(1)));
  for (const id of links) assert.equal(await count(page, `#rules li[id="${id}"]`), 1, id);
  await click(page, '.level--deny .basis__link');
  assert.equal(await page.$eval('#rules', ({ open }) => open), true);
  assert.equal(await count(page, '.rules li:focus'), 1);
});

inEachBrowser('a link to a rule leads to it, from outside and from Learn', { hash: '#rule-own-name' }, async ({ page }) => {
  const inSight = () => page.waitForFunction(() => {
    const { top, bottom } = document.getElementById('rule-own-name').getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight && bottom > top;
  });
  await inSight();
  await go(page, '#/learn');
  await page.waitForSelector('.learn__live .basis__link');
  await go(page, '#rule-own-name');
  await inSight();
});

inEachBrowser('an allowed entry that can let nobody in is said', async ({ page }) => {
  await paste(page, T1);
  await paste(page, 'cifs/10.0.0.100', '#allowed');
  await press(page, 'Enter');
  assert.match(await text(page, 'section[aria-labelledby=server-h] .panel'), /"cifs\/10\.0\.0\.100" is neither a name nor an address/);
  await go(page, '#/relay');
  await page.waitForSelector('.lab:not([hidden] *)');
  const ids = await page.$$eval('[id]', (all) => all.map(({ id }) => id));
  assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) !== index), [], 'no id is there twice');
});
