// What a secret proves, what editing by hand breaks, and that no secret stays.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { NARROW, assertAccessible, inEachBrowser, paste, press, settled, text } from './harness.mjs';

const T1 = readFileSync(new URL('../fixtures/vectors/t1.b64', import.meta.url), 'utf8').trim();
const T1_AUTHENTICATE = T1.split('\n').at(-1);
const NT_HASH = 'a4f49c406510bdcab6824ee7c30fd852';

const secret = async (page, words) => {
  await paste(page, words, '#secret');
  await press(page, 'Enter');
};
const verdicts = (page) => page.$$eval('.levels .level__verdict', (cards) => cards.map((card) => card.innerText.trim()));
const field = (page) => page.$eval('#secret', (input) => input.value);
const count = (page, selector) => page.$$eval(selector, (found) => found.length);
/** Changes the value that the inspector is about. */
async function change(page, value) {
  await page.click('.inspector__head button');
  await settled(page);
  await paste(page, value, '#new-value');
  await press(page, 'Enter');
}

inEachBrowser('a secret proves the sign-in, or the page says that it does not', async ({ page }) => {
  await paste(page, T1);
  assert.match(await text(page, '.prove'), /of LAB\\User/);
  for (const right of ['Password', NT_HASH, `${'0'.repeat(32)}:${NT_HASH}`]) {
    await secret(page, right);
    assert.match(await text(page, '.proof'), /NTProofStr valid.*MIC valid/);
    assert.equal(await count(page, '.proof details dd'), 7, 'the keys');
  }
  assert.match(await text(page, '.said'), /MIC Present and right/);
  await assertAccessible(page);
  await secret(page, 'password');
  assert.match(await text(page, '.proof'), /NTProofStr does not match.*received.*computed/);
  assert.ok(await count(page, '.proof mark'), 'the bytes that differ are marked');
  assert.equal(await count(page, '.proof details'), 0, 'no key of a wrong secret');
  await assertAccessible(page);
  assert.match(await text(page, '.said'), /NTLMv2, does not fit the password given.*Findings 1 error/);
  assert.match(await text(page, '#findings'), /Error NTProofStr does not match the password given\./);
  assert.match(await text(page, '.answer'), /The password given does not fit\. Forget the password to see the answer without it\./);
  await page.click('.answer .note button');
  await settled(page);
  assert.equal(await field(page), '');
  assert.doesNotMatch(await text(page, 'h1.headline'), /Refused/);
});

inEachBrowser('what is missing for a proof is said', async ({ page }) => {
  await paste(page, T1_AUTHENTICATE);
  assert.match(await text(page, '.proof'), /The CHALLENGE is missing/);
  await secret(page, 'Password');
  assert.match(await text(page, '.proof'), /NTProofStr cannot be told The CHALLENGE is missing/);
});

inEachBrowser('no secret stays: not in storage, not in the address, and not behind the button', async ({ page }) => {
  await paste(page, T1);
  const address = page.url();
  await secret(page, 'Password');
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state]));
  assert.doesNotMatch(kept, /Password|a4f49c/i);
  assert.equal(page.url(), address);
  assert.equal(await page.$eval('#secret', ({ autocomplete, type }) => `${autocomplete} ${type}`), 'off password');
  await page.click('#forget');
  await settled(page);
  assert.equal(await field(page), '');
  assert.equal(await count(page, '.proof details'), 0);
  assert.match(await text(page, '.proof'), /No password or NT hash was given/);
});

const watchLongTimers = (page) =>
  page.evaluateOnNewDocument(() => {
    const start = globalThis.setTimeout;
    globalThis.longTimers = [];
    globalThis.setTimeout = (act, after, ...rest) => {
      if (!(after > 60_000)) return start(act, after, ...rest);
      return globalThis.longTimers.push({ act, after });
    };
  });

inEachBrowser('a tab hidden for five minutes forgets the secret', { before: watchLongTimers }, async ({ page }) => {
  await paste(page, T1);
  await secret(page, 'Password');
  const after = await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
    return globalThis.longTimers.map((timer) => timer.after);
  });
  assert.deepEqual(after, [300_000]);
  assert.equal(await field(page), 'Password');
  await page.evaluate(() => globalThis.longTimers[0].act());
  await settled(page);
  assert.equal(await field(page), '');
  assert.equal(await count(page, '.proof details'), 0);
});

inEachBrowser('a name edited on the way ends at the proof, and only the client can make it fit', async ({ page }) => {
  await paste(page, T1);
  const before = await text(page, '.byte-view');
  await change(page, 'cifs/10.0.0.11');
  assert.match(await text(page, 'h1.headline'), /^Refused before the name is looked at\. .*over other bytes/);
  assert.deepEqual(await verdicts(page), ['Refused earlier', 'Refused earlier', 'Refused earlier']);
  assert.match(await text(page, '.edited'), /MsvAvTargetName; .*370 bytes became 368\. NTProofStr does not match/);
  assert.equal(await page.$eval('.edited .button--main', (button) => button.disabled), true);
  assert.match(await text(page, '.edited'), /takes the user's password or NT hash/);
  assert.ok(await count(page, '.byte-view__run.is-changed'));
  assert.ok(await count(page, '.field-tree__row.is-changed'));
  await assertAccessible(page);

  await secret(page, 'wrong');
  assert.match(await text(page, '.edited'), /does not fit the response as it was captured/);
  await secret(page, 'Password');
  assert.match(await text(page, '.edited'), /received .* computed/);
  await page.click('.edited .button--main');
  await settled(page);
  assert.match(await text(page, '.edited'), /NTProofStr valid .*MIC valid/);
  assert.match(await text(page, 'h1.headline'), /10\.0\.0\.11/);
  assert.equal((await verdicts(page))[0], 'Accepted');

  await page.click('.edited .button-row button:nth-child(2)');
  await settled(page);
  assert.equal(await count(page, '.edited'), 0);
  assert.equal(await text(page, '.byte-view'), before);
});

inEachBrowser('flags, MIC and names can be edited, and what was mistyped gets a sentence', async ({ page }) => {
  await paste(page, T1);
  const choose = async (name) => {
    await page.$$eval(
      '.field-tree__row',
      (rows, name) => rows.find((row) => row.querySelector('.field-tree__label')?.innerText.trim() === name).click(),
      name,
    );
    await settled(page);
  };
  await choose('MIC');
  await change(page, '00');
  assert.match(await text(page, '.editor [role="alert"]'), /16 bytes/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'new-value', 'and the field is still there');
  await press(page, 'Escape');
  await page.$$eval('form.editor button', (buttons) => buttons.find((button) => button.innerText === 'Take it out').click());
  await settled(page);
  assert.match(await text(page, '.said'), /MIC Announced, missing/);
  await choose('UserName');
  await change(page, 'Userin');
  assert.match(await text(page, '.said'), /LAB\\Userin/);
  await choose('NegotiateFlags');
  await change(page, '0xc2888215');
  assert.match(await text(page, '.edited'), /UserName/);
  assert.equal(await count(page, 'form.editor'), 0);
});

inEachBrowser('editing is done with the keyboard, and fits a telephone', { viewport: NARROW }, async ({ page }) => {
  await paste(page, T1);
  await page.focus('.inspector__head button');
  await press(page, 'Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'new-value');
  await press(page, 'x', 'Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'inspector', 'focus is not lost');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  await assertAccessible(page);
});

inEachBrowser('a fault that stops the module is said', async ({ page }) => {
  await page.evaluate(() => {
    const error = new WebAssembly.RuntimeError('unreachable');
    for (let time = 0; time < 2; time += 1) dispatchEvent(new ErrorEvent('error', { error }));
    dispatchEvent(new ErrorEvent('error', { error: new Error('of an extension') }));
  });
  assert.deepEqual(await page.$$eval('.stopped', (said) => said.map((one) => `${one.getAttribute('role')} ${one.innerText}`)), [
    'alert SPNscope stopped because of a fault of its own. Nothing was sent anywhere. Reload the page to go on.',
  ]);
});

inEachBrowser('a secret goes with the input that it was given for', async ({ page }) => {
  await paste(page, T1);
  await secret(page, 'other');
  assert.match(await text(page, '.headline'), /^Refused before the name is looked at/);
  await paste(page, T1_AUTHENTICATE);
  assert.doesNotMatch(await text(page, '.headline'), /^Refused/);
  assert.equal(await field(page), '', 'what was typed goes too');
});
