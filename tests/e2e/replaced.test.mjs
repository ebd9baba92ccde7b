// What takes the place of an input can be taken back; what comes from the lab leads back to it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { dropFile, go, inEachBrowser, paste, press, settled, text } from './harness.mjs';
import { assertOnlySettingsKept, headline, place, through } from './steps.mjs';

const T1 = readFileSync(new URL('../fixtures/vectors/t1.b64', import.meta.url), 'utf8').trim();
const box = (page) => page.$eval('#paste', (area) => area.value.trim());
const bringBack = async (page) => {
  await page.click('.bring-back');
  await settled(page);
};

inEachBrowser('a paste, a sample, a file and Clear can be taken back, and that again', async ({ page }) => {
  assert.equal(await page.$('.bring-back'), null, 'nothing was replaced yet');
  await paste(page, T1);
  assert.equal(await page.$('.bring-back'), null);
  await page.click('.paste__samples .link:nth-of-type(2)');
  await settled(page);
  assert.match(await headline(page), /^Accepted at every level/);
  await bringBack(page);
  assert.equal(await box(page), T1);
  assert.match(await headline(page), /^(Levels 1 and 2 depend|Denied at levels 1 and 2, unless)/);
  await bringBack(page);
  assert.match(await headline(page), /^Accepted at every level/);
  await page.$$eval('.paste__label .link', (all) => all.find(({ innerText }) => innerText === 'Clear').click());
  await settled(page);
  assert.equal(await box(page), '');
  await bringBack(page);
  assert.match(await headline(page), /^Accepted at every level/);
  await paste(page, T1);
  await paste(page, 'hello');
  await bringBack(page);
  assert.equal(await box(page), T1);
  const file = readFileSync(new URL('../fixtures/captures/impacket-bad-mic.pcapng', import.meta.url));
  await dropFile(page, { name: 'bad-mic.pcapng', bytes: file });
  await page.waitForSelector('.captured');
  await bringBack(page);
  assert.equal(await box(page), T1);
  await bringBack(page);
  await page.waitForSelector('.captured');
  assert.equal(await box(page), '', 'bytes are not shown as text');
  await assertOnlySettingsKept(page, ['TlRMTVNT', 'Password']);
});

inEachBrowser('a key pressed in the box replaces nothing', async ({ page }) => {
  await paste(page, T1);
  await page.focus('#paste');
  await press(page, 'End', 'x', 'Backspace');
  assert.equal(await page.$('.bring-back'), null);
});

inEachBrowser('after a paste the box shows its first line', async ({ page }) => {
  await paste(page, T1);
  await page.$eval('#paste', (area) => {
    area.value = 'TlRM\n'.repeat(60);
    area.scrollTop = 200;
    area.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
  });
  await settled(page);
  assert.equal(await page.$eval('#paste', ({ scrollTop }) => scrollTop), 0);
});

const REWRITTEN = '#/relay/lured-client/rewrite-target-name/1';
inEachBrowser('what opens from the lab is an entry of the history, and Back leads to the setting', { hash: REWRITTEN }, async ({ page, server }) => {
  await page.waitForSelector('.lab .button-row button');
  const answer = await headline(page);
  await page.evaluate(() => scrollTo(0, 600));
  const before = await page.evaluate(() => history.length);
  await page.$eval('.lab .button-row button', (button) => button.click());
  await settled(page);
  assert.equal(await place(page), 'decode');
  assert.deepEqual(await page.evaluate(() => [history.length, scrollY, history.state]), [before + 1, 0, null]);
  assert.equal(page.url(), `${server.url}#/decode`);
  assert.equal(await text(page, '.way-back'), 'Back to the lab');
  await through(page, -1);
  assert.equal(await place(page), 'relay');
  assert.equal(page.url(), server.url + REWRITTEN);
  assert.equal(await headline(page), answer);
  await through(page, 1);
  assert.equal(await place(page), 'decode');
  assert.match(await headline(page), /./);
  await page.click('.way-back a');
  await settled(page);
  assert.equal(await place(page), 'relay');
  assert.equal(await headline(page), answer);
  await assertOnlySettingsKept(page, ['TlRMTVNT']);
});

inEachBrowser('a setting that was chosen in the lab is there when one comes back', { hash: '#/relay' }, async ({ page }) => {
  await page.waitForSelector('.lab input[name=level]');
  await page.$$eval('.lab input[name=level]', (levels) => levels[1].click());
  await settled(page);
  const answer = await headline(page);
  await page.$eval('.lab .button-row button', (button) => button.click());
  await settled(page);
  await through(page, -1);
  assert.equal(await headline(page), answer);
});

inEachBrowser('what the lab took the place of can be brought back', async ({ page }) => {
  await paste(page, T1);
  await go(page, '#/relay');
  await page.waitForSelector('.lab .button-row button');
  await page.$eval('.lab .button-row button', (button) => button.click());
  await settled(page);
  assert.notEqual(await box(page), T1);
  await bringBack(page);
  assert.equal(await box(page), T1);
  assert.equal(await page.$('.way-back'), null, 'that is not from the lab');
});
