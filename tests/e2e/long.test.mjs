// Long pastes: they are read in steps, with a bar, and can be stopped.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { inEachBrowser, settled } from './harness.mjs';

const T1 = readFileSync(new URL('../fixtures/vectors/t1.b64', import.meta.url), 'utf8');
const LARGEST = 4 << 20; // bytes

/** Puts text into the box as a paste does, and tells `#reading`'s values while it is read. */
function pasteLong(page, text, stop = false) {
  return page.evaluate(
    (text, stop) =>
      new Promise((resolve) => {
        const seen = [];
        new MutationObserver(() => {
          const bar = document.querySelector('#reading');
          if (bar) seen.push(Number(bar.value));
          if (bar && stop) bar.closest('p').querySelector('button').click();
          if (!bar && seen.length) resolve(seen);
        }).observe(document.querySelector('#app'), { childList: true, subtree: true, attributes: true });
        const field = document.querySelector('#paste');
        field.focus();
        field.value = text;
        field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
      }),
    text,
    stop,
  );
}

const log = (line) => line.repeat(Math.floor((LARGEST - T1.length) / line.length));

inEachBrowser('a sign-in at the end of a long log is found while the page goes on', async ({ page }) => {
  const seen = await pasteLong(page, log('10:04:11 GET /a.html 200 "none" %41 0x4e 1 2 3\n') + T1);
  assert.ok(seen.length > 1, `the bar moves: ${seen}`);
  assert.deepEqual(seen, [...seen].sort((a, b) => a - b), 'and never back');
  await page.waitForSelector('.levels .level');
  assert.match(await page.$eval('#main', (main) => main.innerText), /cifs\/10\.0\.0\.100/);
});

inEachBrowser('what is too long for the box is read without standing in it', async ({ page }) => {
  const lines = '10:04:11 GET /a.html\n'.repeat(4000) + T1;
  const pasteInto = (before) =>
    page.evaluate(
      (before, text) => {
        const field = document.querySelector('#paste');
        field.focus();
        field.value = before;
        field.setSelectionRange(0, 0);
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', text);
        // Firefox has its own names for what is pasted.
        const event = new ClipboardEvent('paste', { clipboardData, data: text, dataType: 'text/plain', bubbles: true, cancelable: true });
        return [field.dispatchEvent(event), field.value];
      },
      before,
      lines,
    );
  assert.deepEqual(await pasteInto('4e 54'), [true, '4e 54'], 'beside other text it is left to the browser');
  assert.deepEqual(await pasteInto(''), [false, ''], 'alone it is not');
  await page.waitForSelector('.levels .level');
  const placeholder = () => page.$eval('#paste', (field) => field.placeholder);
  assert.equal(await placeholder(), `${lines.length} bytes of pasted text`);
  await page.$eval('#paste', (field) => document.execCommand('insertText', false, '4e 54'));
  await settled(page);
  assert.match(await placeholder(), /^Authorization/);
});

inEachBrowser('reading can be stopped, which is said, and the box has the focus', async ({ page }) => {
  await pasteLong(page, '1 '.repeat(LARGEST / 2), true);
  await settled(page);
  assert.match(await page.$eval('.refusal', (status) => status.innerText), /^Reading was stopped, so nothing of the input is shown\.$/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'paste');
  assert.equal(await page.$('#reading'), null);
  // Nothing comes after all.
  await settled(page);
  assert.equal(await page.$('.levels .level'), null);
});

inEachBrowser('another paste takes the place of a long one', async ({ page }) => {
  await page.evaluate((text) => {
    const field = document.querySelector('#paste');
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, '1 '.repeat(LARGEST / 2));
  await page.waitForSelector('#reading');
  await page.evaluate((text) => {
    const field = document.querySelector('#paste');
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, T1);
  await page.waitForSelector('.levels .level');
  assert.equal(await page.$('#reading'), null);
});
