// The relay lab: who is in the middle, what is edited, and what becomes of it.
import assert from 'node:assert/strict';

import { go, inEachBrowser, paste, press, settled, text } from './harness.mjs';

const choose = async (page, label) => {
  await page.evaluate((label) => {
    const found = [...document.querySelectorAll('.lab label')].find((one) => one.textContent.trim() === label);
    if (!found) throw new Error(`nothing is called ${label}`);
    found.click();
  }, label);
  await settled(page);
};
const headline = (page) => text(page, '.lab h1');
const steps = (page) => page.$$eval('.stepper__step', (all) => all.map((step) => step.innerText.replace(/\s+/g, ' ').trim()));
const current = (page) => text(page, '.stepper [aria-current]');

inEachBrowser('an attacker who lures the client wins at level 0, and by nothing but silence', { hash: '#/relay' }, async ({ page }) => {
  assert.match(await headline(page), /^The attack succeeds\. At level 0/);
  assert.match(await page.title(), /relay lab, the attack succeeds/);
  await choose(page, '1 If provided');
  assert.match(await headline(page), /^The attack fails\..*10\.0\.0\.100/);
  assert.deepEqual(await current(page), '7 Target name wrong');
  await choose(page, 'Target name rewritten');
  assert.match(await headline(page), /^The attack fails\. The target name is covered by NTProofStr/);
  assert.deepEqual(await steps(page), [
    '1 NEGOTIATE passed on',
    '2 CHALLENGE passed on',
    '3 AUTHENTICATE edited',
    '4 Proof wrong',
    "5 Server's name not reached",
    '6 MIC not reached',
    '7 Target name not reached',
    '8 Answer logon failure',
  ]);
  assert.match(await text(page, '.lab__values'), /NTProofStr 16 of 16 bytes differ/);
  const [received, computed] = await page.$$eval('.lab__values dd', (values) => values.map((value) => value.innerText));
  assert.match(received, /^[0-9a-f]{32}$/);
  assert.match(computed, /^[0-9a-f]{32}$/);
  assert.notEqual(received, computed);
  assert.match(await text(page, '.lab__changes'), /MsvAvTargetName.*cifs\/10\.0\.0\.100.*cifs\/10\.0\.0\.11/s);
  assert.match(await text(page, '[role=status].visually-hidden'), /The attack fails/);
});

inEachBrowser('a new name is taken letter by letter, and one with markup is text', { hash: '#/relay/lured-client/rewrite-target-name/0' }, async ({ page }) => {
  await paste(page, '<img src=x onerror=alert(1)>\u202e', '#newname');
  assert.equal(await page.$$eval('.lab img', (all) => all.length), 0);
  assert.match(await text(page, '.lab__changes'), /<img src=x onerror=alert\(1\)>\\u\{202e\}/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'newname', 'the focus stays');
});

inEachBrowser('required signing stops the relay and leaves the client behind a NAT alone', { hash: '#/relay' }, async ({ page }) => {
  await choose(page, 'Requires SMB signing');
  assert.match(await headline(page), /^The attack fails\. The session is accepted, but its first request has to be signed/);
  assert.equal((await steps(page)).at(-1), '9 First request wrong');
  await choose(page, 'A NAT mapping');
  assert.match(await headline(page), /^The client works\./);
  const rows = await page.$$eval('.matrix--pairs tbody tr', (all) => all.map((row) => row.innerText.replace(/\s+/g, ' ').trim()));
  assert.deepEqual(rows, [
    'Level 0 works succeeds',
    'Level 1 is refused fails',
    'Level 1, 10.0.0.100 allowed works succeeds',
    'Level 0, signing required works fails',
    'Level 0, encryption required works fails',
    'Level 1, 10.0.0.100 allowed, signing required works fails',
  ]);
});

inEachBrowser('the NAT and the attacker come first, and each row of a table is a link to its setting', { hash: '#/relay' }, async ({ page }) => {
  assert.match(await text(page, '.lab__intro'), /^A client signs in to a file server/);
  const heads = await page.$$eval('.lab h2', (all) => all.map((head) => head.innerText));
  assert.equal(heads[0], 'A NAT and an attacker, side by side');
  const follow = async (table, row, column) => {
    const links = await page.$$(`${table} tbody tr:nth-child(${row}) a`);
    await links[column].click();
    await settled(page);
  };
  await follow('.matrix--pairs', 6, 1);
  assert.ok(page.url().endsWith('#/relay/nat/nothing/1/signing/allow=10.0.0.100'));
  assert.match(await headline(page), /^The client works\./);
  await follow('.matrix--pairs', 2, 0);
  assert.ok(page.url().endsWith('#/relay/lured-client/nothing/1'));
  assert.match(await headline(page), /^The attack fails\./);
  await follow('.matrix:not(.matrix--pairs)', 5, 1);
  assert.ok(page.url().endsWith('#/relay/lured-client/strip-mic/0'));
  assert.match(await headline(page), /^The attack fails\. MsvAvFlags announces a MIC/);
  await page.goBack();
  await page.waitForFunction(() => /10\.0\.0\.100/.test(document.querySelector('.lab h1').innerText));
});

inEachBrowser('a sentence says what is chosen, and what the proof is checked with is said at its step', { hash: '#/relay' }, async ({ page }) => {
  const about = () => text(page, '.lab__controls fieldset:has([name=who]) .option__about');
  assert.match(await about(), /makes the client connect to 10\.0\.0\.100/);
  await choose(page, 'An attacker behind a marshalled target name');
  assert.match(await about(), /CVE-2025-33073/);
  await choose(page, 'An attacker who lured the client');
  const said = [];
  for (const step of await page.$$('.stepper__step button')) {
    await step.click();
    await settled(page);
    if (/does not have the user's key/.test(await text(page, '.lab__detail'))) said.push(await current(page));
  }
  assert.deepEqual(said, ['4 Proof right']);
});

inEachBrowser('an allowed name cures the NAT, and opens the door to the attacker behind it', { hash: '#/relay/nat/nothing/2' }, async ({ page }) => {
  assert.match(await headline(page), /^The client is refused\./);
  await paste(page, '10.0.0.100', '#lab-allowed');
  await press(page, 'Enter');
  assert.match(await headline(page), /^The client works\./);
  await choose(page, 'An attacker who lured the client');
  assert.match(await headline(page), /^The attack succeeds\. 10\.0\.0\.100 is allowed/);
});

inEachBrowser('each setting has a link, and the link opens it', { hash: '#/relay/nat/nothing/1/allow=10.0.0.100' }, async ({ page, server, reload }) => {
  assert.match(await headline(page), /^The client works\./);
  const entries = await page.evaluate(() => history.length);
  await choose(page, 'An HTTP to SMB relay');
  await choose(page, 'Is a domain controller');
  const link = await page.$eval('.lab .button-row a', (anchor) => anchor.getAttribute('href'));
  assert.equal(link, '#/relay/http-relay/nothing/1/controller/signing/allow=10.0.0.100');
  const before = await headline(page);
  assert.equal(page.url(), `${server.url}${link}`, 'the address follows the setting');
  assert.equal(await page.evaluate(() => history.length), entries, 'and none of them is an entry of the history');
  await reload();
  assert.equal(await headline(page), before);
  await go(page, '#/relay/nobody/nothing/2');
  await page.waitForFunction(() => /^The client works/.test(document.querySelector('.lab h1').innerText));
});

inEachBrowser('what was played opens in Decode, with its server, which is not kept', { hash: '#/relay/lured-client/nothing/1' }, async ({ page }) => {
  await page.click('.lab .button-row button');
  await settled(page);
  assert.match(await text(page, '.headline'), /Denied at levels 1 and 2/);
  assert.equal(await page.$$eval('.chip:not([disabled])', (chips) => chips.length), 3);
  assert.match(await page.$eval('#paste', (area) => area.value), /^TlRMTVNT/);
  assert.equal(await page.$('.lab:not([hidden] *)'), null);
  assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...localStorage })), /10\.0\.0\.11/);
});

inEachBrowser('the lab by keyboard alone', { hash: '#/relay' }, async ({ page }) => {
  await page.focus('.stepper__step button[aria-current]');
  const at = async () => Number((await current(page)).split(' ')[0]);
  const start = await at();
  await press(page, 'ArrowLeft');
  assert.equal(await at(), start - 1);
  await press(page, 'Home');
  assert.equal(await at(), 1);
  assert.match(await text(page, '#step-h'), /1 NEGOTIATE: passed on/);
  await press(page, 'End', 'ArrowRight');
  assert.equal(await at(), (await steps(page)).length);
  await page.focus('.stepper > button');
  for (let press_ = 0; press_ < 12; press_ += 1) await press(page, 'Enter');
  assert.equal(await at(), 1);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Back', 'the focus stays at the end');
  await page.focus('.lab input[name=who]:checked');
  await press(page, 'ArrowDown');
  assert.equal(await page.$eval('.lab input[name=who]:checked', (input) => input.parentElement.textContent), 'An attacker who spoofed DNS');
});

inEachBrowser('the header leads back to the lab after its messages were opened, and Back to the start', async ({ page }) => {
  await page.click('.masthead__place[href="#/relay"]');
  await page.waitForSelector('.lab:not([hidden] *)');
  await page.click('.lab .button-row button');
  await settled(page);
  assert.match(page.url(), /#\/decode$/);
  await page.click('.masthead__place[href="#/relay"]');
  await page.waitForSelector('.lab:not([hidden] *)');
  await page.evaluate(() => history.go(-3));
  await page.waitForSelector('.lab[hidden], [hidden] .lab');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.place), 'decode');
});

inEachBrowser('a name that was never sent is not called right', { hash: '#/relay/lured-client/nothing/1/client=ntlmv1' }, async ({ page }) => {
  assert.equal((await steps(page))[6], '7 Target name not needed');
});

inEachBrowser('an address that is not understood is said, until something else is asked for', { hash: '#/relay/x' }, async ({ page }) => {
  const said = () => page.$eval('.lost', (lost) => lost.textContent);
  const SENTENCE = 'This address was not understood. What it asked for is not shown.';
  assert.equal(await said(), SENTENCE);
  assert.match(await headline(page), /^The attack succeeds/);
  await choose(page, '1 If provided');
  assert.equal(await said(), '');
  for (const hash of ['#/decode/!!', '#/nowhere', '#/relay/nat/nothing/3']) {
    await go(page, hash);
    assert.equal(await said(), SENTENCE, hash);
  }
  await go(page, '#/relay/nat/nothing/2');
  assert.equal(await said(), '');
  assert.match(await headline(page), /^The client is refused\./);
});

inEachBrowser('what is set survives a look at the rule behind it, and loading again', { hash: '#/relay' }, async ({ page, server, reload }) => {
  await choose(page, 'A NAT mapping');
  await choose(page, '2 Required');
  await page.click('#step-h ~ div .basis__link, .lab__detail .basis__link');
  await settled(page);
  assert.match(await page.evaluate(() => document.activeElement.id), /^rule-/);
  assert.equal(page.url(), `${server.url}#/relay/nat/nothing/2`);
  await reload();
  assert.match(await headline(page), /^The client is refused\./);
  await page.evaluate(() => new Promise((resolve) => {
    addEventListener('popstate', resolve, { once: true });
    history.back();
  }));
  await settled(page);
  assert.match(await headline(page), /^The client is refused\./);
});
