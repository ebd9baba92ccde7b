// The first page: three doors, and the samples with the words of their answers. The second door's form, in which one asks
// without a capture.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { NARROW, SMALLEST, WIDE, assertAccessibleInBothThemes, go, inEachBrowser, paste, settled, text } from './harness.mjs';
import { assertFits, assertOnlySettingsKept, through, verdicts } from './steps.mjs';

const T1 = readFileSync(new URL('../fixtures/vectors/t1.b64', import.meta.url), 'utf8').trim();
const FORM = '#/decode/access-denied';

/** Pastes with Ctrl+V while the focus is on what `selector` finds; tells whether the page took it. */
export async function pasteOn(page, selector, words) {
  const taken = await page.$eval(
    selector,
    (element, words) => {
      element.focus();
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', words);
      // Firefox has its own names for what is pasted.
      const event = new ClipboardEvent('paste', { clipboardData, data: words, dataType: 'text/plain', bubbles: true, cancelable: true });
      return !element.dispatchEvent(event);
    },
    words,
  );
  await settled(page);
  return taken;
}

inEachBrowser('the first page has three doors, and the box has the focus', async ({ page }) => {
  const doors = await page.$$eval('.door__title', (titles) => titles.map((title) => title.innerText));
  assert.deepEqual(doors, ['I have a capture', 'Users get “Access is denied”', 'I want to understand relay']);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'paste');
  assert.match(
    await text(page, '.first__doors'),
    /A relay passes a victim's sign-in on to another server and gets the session, without ever knowing the password\./,
  );
  const ways = await page.$$eval('.door a', (links) => links.map((link) => link.getAttribute('href')));
  assert.deepEqual(ways, [FORM, '#/relay', '#/learn']);
  const words = await page.$$eval('.samples tbody tr', (rows) =>
    rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText.trim()).join(' ')));
  assert.deepEqual(words, ['in denied denied', 'in in in', 'in denied denied', 'in in denied', 'in in denied', 'in in denied']);
});

inEachBrowser('Ctrl+V works wherever the focus is, and replaces what was there', async ({ page }) => {
  assert.equal(await pasteOn(page, '.samples button', T1), true);
  assert.match(await text(page, '.headline'), /The client asked for 10\.0\.0\.100/);
  assert.equal((await page.$eval('#paste', (box) => box.value)).trim(), T1);
  assert.equal(await page.$eval('#paste', (box) => box.scrollTop), 0);
  assert.equal(await pasteOn(page, '#bytes', 'hello'), true);
  assert.match(await text(page, '.refusal'), /NTLM/);
  assert.equal(await pasteOn(page, '#paste', T1), false, 'the box takes it by itself');
  // In another place nobody sees what it would replace.
  await go(page, '#/learn');
  assert.equal(await pasteOn(page, 'body', T1), false);
});

for (const viewport of [WIDE, NARROW, SMALLEST]) {
  inEachBrowser(`without a capture: a path and the server have their three cards, ${viewport.width}`, { viewport }, async ({ page, server }) => {
    await page.click(`a[href="${FORM}"]`);
    await page.waitForSelector('#access-opened');
    await settled(page);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'access-opened');
    assert.equal(await page.$('.levels .level'), null, 'nothing is said before anything is asked');
    await paste(page, '\\\\10.0.0.100\\share', '#access-opened');
    const depends = /^Depends on the server's /;
    assert.match((await verdicts(page))[1], depends);
    await paste(page, 'DCFR, dcfr.lab.lan', '#access-names');
    await paste(page, '10.0.0.11', '#access-addresses');
    assert.deepEqual(await verdicts(page), ['Accepted', 'Denied', 'Denied']);
    assert.match(await text(page, '.access'), /cifs\/10\.0\.0\.100/);
    await assertFits(page);
    await assertAccessibleInBothThemes(page);
    const commands = await page.$$eval('.access__commands pre', (all) => all.map((one) => one.textContent));
    assert.match(commands[0], /'Security'; Id = 5168/);
    assert.match(commands[1], /Id = 551/);
    await paste(page, '10.0.0.100', '#access-allowed');
    assert.deepEqual(await verdicts(page), ['Accepted', 'Accepted', 'Accepted']);
    await paste(page, 'ten', '#access-addresses');
    assert.match(await text(page, '#access-addresses-fault'), /“ten” is not an address/);
    assert.equal(page.url(), server.url + FORM, 'what was typed is not in the address');
    await assertOnlySettingsKept(page, ['DCFR', '10.0.0.100']);
    // Back leads to the first page, forward to the form with what was typed.
    await through(page, -1);
    assert.ok(await page.$('.samples'));
    await through(page, 1);
    assert.equal(await page.$eval('#access-opened', (field) => field.value), '\\\\10.0.0.100\\share');
    // A paste is answered in its place.
    await pasteOn(page, '#access-h', T1);
    assert.match(await text(page, '.headline'), /The client asked for 10\.0\.0\.100/);
    assert.equal(await page.$('#access-opened'), null);
    assert.equal(page.url(), `${server.url}#/decode`);
  });
}

inEachBrowser('the form has its own link', { hash: FORM }, async ({ page }) => {
  await page.waitForSelector('#access-opened');
  assert.match(await page.title(), /Access is denied/);
  await paste(page, 'cifs/<img src=x onerror=alert(1)>', '#access-opened');
  assert.match(await text(page, '#access-opened-fault'), /No server is named there/);
  await paste(page, '\\\\<img>\\x', '#access-opened');
  assert.equal(await page.$('main img'), null);
  assert.match(await text(page, '.headline'), /<img>/);
});
