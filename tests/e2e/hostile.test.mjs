// Markup, scripts and characters that hide others, in everything that the page shows of what others wrote: it is shown as
// text, all of it, and nothing becomes of it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { assertAccessible, dropFile, go, inEachBrowser, paste, press, settled } from './harness.mjs';
import { TEXT_PAIRS, authenticate, challenge, negotiate } from './messages.mjs';
import { assertFits, unfold } from './steps.mjs';

const fixture = (name) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8').trim();
const EVENT = fixture('imports/event-5168.txt');
const KERBEROS = JSON.parse(fixture('captures/kerberos.jsonl').split('\n')[0]).gss_token_base64;

const MARKUP = `"><img src=x onerror=ran()><script>ran()</script><svg onload=ran()>'onfocus=ran() autofocus {{ran()}} javascript:ran()`;
/** Turns what follows it around, beeps, and is a space of no width. */
const HIDING = '\u202e\u0007\u200b';
const HIDING_SHOWN = '\\u{202e}\\u{7}\\u{200b}';
/** What stands in a field: its own name first, so that each is found. */
const hostile = (field) => `${field}${MARKUP}${HIDING}`;
const shown = (field) => `${field}${MARKUP}${HIDING_SHOWN}`;

const CHALLENGE_PAIRS = Object.keys(TEXT_PAIRS).filter((name) => name !== 'MsvAvTargetName');
const texts = (names, where) => Object.fromEntries(names.map((name) => [name, hostile(`${where}${name}`)]));
const MESSAGES = [
  negotiate({ domain: `negotiateDomain${MARKUP}`, workstation: `negotiateWorkstation${MARKUP}` }),
  challenge({ target: hostile('challengeTarget'), texts: texts(CHALLENGE_PAIRS, 'challenge') }),
  authenticate({
    domain: hostile('domain'), user: hostile('user'), workstation: hostile('workstation'), texts: texts(Object.keys(TEXT_PAIRS), 'echoed'),
  }),
].map((message) => message.toString('base64'));
const AUTHENTICATE = MESSAGES[2];

/** Ahead of the page: what the markup would call, and dialogs, which a script would open. */
const before = (page) =>
  page.evaluateOnNewDocument(() => {
    globalThis.runs = 0;
    for (const name of ['ran', 'alert', 'confirm', 'prompt']) globalThis[name] = () => (globalThis.runs += 1);
  });

/** Fails where anything of what others wrote ran, became an element or an attribute, or hides a character. */
async function assertOnlyText(page) {
  const found = await page.evaluate(() => {
    const own = (element) => element.closest('head') || element.matches('body > script');
    const all = [...document.querySelectorAll('*')].filter((element) => !own(element));
    const attributes = all.flatMap((element) => [...element.attributes].map(({ name, value }) => ({ element, name, value })));
    const typed = (node) => (node.nodeType === 3 ? node.parentElement : node).closest('textarea, input');
    const hides = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const hidden = [];
    for (let node = words.nextNode(); node; node = words.nextNode()) {
      if (!typed(node) && hides.test(node.data)) hidden.push(node.data);
    }
    const said = attributes.filter(({ element, name, value }) => !(typed(element) && name === 'value') && hides.test(value));
    return {
      runs: globalThis.runs,
      elements: all.filter(({ localName }) => /^(img|script|iframe|object|embed|base|meta|link|style|foreignobject|audio|video)$/.test(localName))
        .map(({ outerHTML }) => outerHTML),
      handlers: attributes.filter(({ name, value }) => /^on|^autofocus$|^srcdoc$|^style$/.test(name)
        || (/^(href|src|action|formaction|xlink:href)$/.test(name) && !/^(#|https:\/\/|\.\/spnscope\.html$)/.test(value)))
        .map(({ name, value }) => `${name}=${value}`),
      hidden: [...hidden, ...said.map(({ name, value }) => `${name}=${value}`), ...(hides.test(document.title) ? [document.title] : [])],
    };
  });
  assert.deepEqual(found, { runs: 0, elements: [], handlers: [], hidden: [] });
}
const words = (page) => page.$eval('body', (body) => body.textContent);
async function assertShown(page, fields) {
  const all = await words(page);
  assert.deepEqual(fields.filter((field) => !all.includes(shown(field))), [], 'these are not shown whole');
}
const open = (page) => unfold(page);
/** Selects each field in turn, as far as it is unfolded, and gives back what the inspector said of them. */
const inspected = (page) =>
  page.evaluate(async () => {
    let told = '';
    for (const { dataset } of document.querySelectorAll('.field-tree__row[data-row]')) {
      document.querySelector(`.field-tree__row[data-row="${dataset.row}"]`)?.click();
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      told += `${document.getElementById('inspector').textContent}\n`;
    }
    return told;
  });

inEachBrowser('every text of the three messages is shown as text', { before }, async ({ page }) => {
  await paste(page, MESSAGES.join('\n'));
  await open(page);
  await assertOnlyText(page);
  await assertShown(page, ['user', 'workstation']);
  assert.match(await page.title(), /echoedMsvAvTargetName/);
  let told = await inspected(page);
  const inTheThird = ['domain', 'user', 'workstation', ...Object.keys(TEXT_PAIRS).map((name) => `echoed${name}`)];
  assert.deepEqual(inTheThird.filter((field) => !told.includes(shown(field))), [], 'the inspector does not tell these whole');
  await assertOnlyText(page);
  await assertFits(page);
  await page.click('.chip:nth-of-type(2)');
  await settled(page);
  told = await inspected(page);
  const inTheSecond = ['challengeTarget', ...CHALLENGE_PAIRS.map((name) => `challenge${name}`)];
  assert.deepEqual(inTheSecond.filter((field) => !told.includes(shown(field))), []);
  await assertOnlyText(page);
  await page.click('.chip:nth-of-type(1)');
  await settled(page);
  told = await inspected(page);
  for (const field of ['negotiateDomain', 'negotiateWorkstation']) assert.ok(told.includes(`${field}${MARKUP}`), field);
  await assertOnlyText(page);
});

inEachBrowser('what is copied, compared, edited and linked is text too', { before }, async ({ page }) => {
  await paste(page, MESSAGES.join('\n'));
  await page.click('.copy-as > button');
  await settled(page);
  for (const form of await page.$$('#copy-as label')) {
    await form.click();
    await settled(page);
    await assertOnlyText(page);
  }
  await page.click('#copy-as p .link');
  await page.$eval('#compare', (compare) => { compare.open = true; });
  await settled(page);
  await page.select('#compare-choice', '1');
  await settled(page);
  await assertOnlyText(page);
  assert.ok((await page.$eval('.compare__table', (table) => table.textContent)).includes('challengeMsvAvNbComputerName"><img'));
  await paste(page, 'x', '#compare-paste');
  await paste(page, AUTHENTICATE, '#compare-paste');
  await assertOnlyText(page);
  await page.click('.inspector__head button');
  await settled(page);
  await paste(page, hostile('edited'), '#new-value');
  await press(page, 'Enter');
  await assertShown(page, ['edited']);
  await paste(page, hostile('secret'), '#secret');
  await press(page, 'Enter');
  await assertOnlyText(page);
});

inEachBrowser('headers around a message, and what is no message, are text', { before }, async ({ page }) => {
  const header = (name) => `${name}: ${name}${MARKUP}${HIDING}`;
  await paste(page, `${header('X-First')}\nGET /${MARKUP} HTTP/1.1\nAuthorization: NTLM ${AUTHENTICATE}\n${header('User-Agent')}`);
  for (const step of await page.$$('.trail__step')) {
    await step.click();
    await settled(page);
    await assertOnlyText(page);
  }
  assert.match(await page.$eval('.trail', (trail) => trail.textContent), /Authorization/);
  for (const refused of [hostile('nothing'), `Authorization: NTLM ${MARKUP}`, `TlRMTVNTUAAD${MARKUP}`, `${MARKUP}4e544c4d53535000${HIDING}`]) {
    await paste(page, refused);
    await assertOnlyText(page);
  }
});

inEachBrowser('names in a ticket are text', { before }, async ({ page }) => {
  const token = Buffer.from(KERBEROS, 'base64');
  for (const [is, becomes] of [['dcfr.lab.lan', '<img src=\u0007x>'], ['LAB.LAN', '<b>x</b']]) {
    assert.equal(is.length, becomes.length);
    token.write(becomes, token.indexOf(is), 'latin1');
  }
  await paste(page, token.toString('base64'));
  await open(page);
  await assertOnlyText(page);
  const all = await words(page);
  assert.ok(all.includes('<img src=\\u{7}x>') && all.includes('<b>x</b'));
});

inEachBrowser('what a file is called is text', { before }, async ({ page }) => {
  const name = `file<img src=x onerror=ran()>\u202egpj.exe`;
  await dropFile(page, { name, bytes: Buffer.concat([Buffer.from([5, 0]), Buffer.from(AUTHENTICATE, 'base64')]) });
  await page.waitForSelector('.levels .level');
  await settled(page);
  assert.match(await page.$eval('#paste', (area) => area.placeholder), /from file<img src=x onerror=ran\(\)>\\u\{202e\}gpj\.exe/);
  await assertOnlyText(page);
  await dropFile(page, { name, bytes: Buffer.alloc((4 << 20) + 1) });
  await page.waitForFunction(() => document.querySelector('.refusal').textContent !== '');
  assert.ok((await words(page)).includes('file<img src=x onerror=ran()>\\u{202e}gpj.exe (4.1 MB) was not read.'));
  await assertOnlyText(page);
  await dropFile(page, { name, bytes: Buffer.from(hostile('dropped')) }, '#import');
  await settled(page);
  await assertOnlyText(page);
});

inEachBrowser('what is said of the server is text, typed or imported, and on the next visit', { before }, async ({ page, reload }) => {
  await paste(page, AUTHENTICATE);
  for (const list of await page.$$('[aria-label="Edit the names"], [aria-label="Edit the addresses"]')) {
    await list.click();
    await settled(page);
    await paste(page, hostile('listed'), '#entries');
    await page.click('.editor [type=submit]');
    await settled(page);
    await assertOnlyText(page);
    await page.$$eval('.editor [type=button]', ([cancel]) => cancel?.click());
    await settled(page);
  }
  // Entries end at a space.
  await paste(page, hostile('allowed').replaceAll(' ', '/'), '#allowed');
  await press(page, 'Enter');
  await assertOnlyText(page);
  assert.ok((await words(page)).includes(shown('allowed').replaceAll(' ', '/')));
  const all = (words) => words.replace(/(:\t+)(?=\S)[^\n]*/g, (_, colon) => `${colon}${hostile('event')}`);
  const part = EVENT.replace('cifs/10.0.0.100', `cifs/${hostile('spn')}`).replace('jane', hostile('account'))
    .replace('DCFR;', `${hostile('own').replaceAll(';', '')};`).replace('N/A', hostile('configured'));
  for (const event of [part, all(EVENT)]) {
    await page.$eval('#import', (fold) => { fold.open = true; });
    await paste(page, event, '#import-text');
    await page.click('#import [type=submit]');
    await settled(page);
    await open(page);
    await assertOnlyText(page);
  }
  await reload();
  await paste(page, AUTHENTICATE);
  await open(page);
  await assertOnlyText(page);
  await paste(page, part);
  await open(page);
  await assertShown(page, ['spn']);
  await assertOnlyText(page);
});

const ESCAPED = encodeURIComponent(hostile('linked')).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
inEachBrowser('what an address says is text', {
  before, hash: `#/relay/lured-client/rewrite-target-name/1/name=${ESCAPED}/allow=${ESCAPED}`,
}, async ({ page }) => {
  assert.ok((await words(page)).includes('linked"><img src=x'));
  for (let step = 0; step < 9; step += 1) {
    await page.$$eval('.stepper__step button', (steps, step) => steps[step]?.click(), step);
    await settled(page);
    await assertOnlyText(page);
  }
  await assertAccessible(page);
  await page.click('.lab .button-row button');
  await settled(page);
  await assertOnlyText(page);
  const fragments = [
    MARKUP, `/${MARKUP}`, `/relay/${MARKUP}`, `/decode/${MARKUP}`, `/learn/${MARKUP}`, 'javascript:ran()', 'rule-"]<img src=x onerror=ran()>',
    `/decode/${Buffer.from(hostile('address')).toString('base64url')}`, '/relay/nat/nothing/0/allow=%', '//example.com', 'data-live=quiz',
  ];
  for (const fragment of fragments) {
    await go(page, fragment);
    await assertOnlyText(page);
    await assertFits(page);
  }
});

inEachBrowser('what is typed in the lab and in Learn is text', { before, hash: '#/relay/lured-client/rewrite-target-name/2' }, async ({ page }) => {
  await paste(page, hostile('rewritten'), '#newname');
  await assertOnlyText(page);
  await paste(page, hostile('allowed').replaceAll(' ', '/'), '#lab-allowed');
  await press(page, 'Enter');
  await assertOnlyText(page);
  await go(page, '#/learn');
  await page.waitForSelector('#names-0');
  for (const field of await page.$$('.learn .input')) {
    await paste(page, hostile('typed'), `#${await field.evaluate(({ id }) => id)}`);
    await assertOnlyText(page);
  }
  await assertFits(page);
});
