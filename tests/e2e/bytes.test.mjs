// The bytes: what is pointed at is seen at a glance, and what is copied out of them is a hex dump.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { NARROW, inEachBrowser, paste, settled, text } from './harness.mjs';

const T1 = readFileSync(new URL('../fixtures/vectors/t1.b64', import.meta.url), 'utf8').trim();
const MESSAGE = Buffer.from(T1.split('\n').at(-1), 'base64');

/** What a run of the bytes looks like beside what is around it, with contrasts as WCAG computes them. */
function looks(selector) {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour) => {
    const [red, green, blue] = rgb(colour).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const run = getComputedStyle(document.querySelector(selector));
  const view = getComputedStyle(document.querySelector('.byte-view'));
  return {
    width: parseFloat(run.outlineWidth),
    style: run.outlineStyle,
    outline: contrast(run.outlineColor, view.backgroundColor),
    text: contrast(run.color, run.backgroundColor),
    ground: contrast(run.backgroundColor, view.backgroundColor),
    bands: [...document.querySelectorAll('.byte-view__run.is-odd:not(.mark, .is-loose, .is-linked, .is-selected)')]
      .filter((band) => rgb(getComputedStyle(band).backgroundColor)[3] !== 0).length,
  };
}

for (const options of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { forcedColors: true }]) {
  const name = options.forcedColors ? 'in forced colours' : options.colorScheme;
  inEachBrowser(`what is pointed at has an outline of 3:1 at least, ${name}`, options, async ({ page }) => {
    await paste(page, T1);
    for (const [row, run] of [
      ['.field-tree__row.is-mic', '.byte-view__run.is-mic'],
      ['.field-tree__row.is-target-name', '.byte-view__run.is-target-name'],
      ['.field-tree__row[data-span="0-8"]', '.byte-view__run[data-span="0-8"]'],
    ]) {
      await page.hover(row);
      await settled(page);
      const seen = await page.evaluate(looks, `${run}.is-linked`);
      assert.ok(seen.width >= 2 && seen.style === 'solid', JSON.stringify(seen));
      assert.ok(seen.outline >= 3, `outline ${seen.outline}`);
      assert.equal(seen.bands, 0, 'nothing else has a ground');
      if (!options.forcedColors) {
        assert.ok(seen.text >= 4.5, `text ${seen.text}`);
        assert.ok(seen.ground >= 1.4, `ground ${seen.ground}`);
      }
    }
    if (!options.forcedColors) {
      await page.hover('.masthead');
      await settled(page);
      const bands = await page.$$eval('.byte-view__run.is-odd:not(.mark, .is-loose)', (runs) =>
        runs.filter((run) => getComputedStyle(run).backgroundColor !== 'rgba(0, 0, 0, 0)').length);
      assert.ok(bands > 0, 'fields are told apart again');
    }
  });
}

/** Selects from the start of one element to the end of another, and copies. */
const copied = (page, from, to) =>
  page.evaluate(
    (from, to) => {
      const range = document.createRange();
      range.setStart(document.querySelector(from), 0);
      range.setEndAfter(document.querySelector(to).lastChild);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      const clipboardData = new DataTransfer();
      const event = new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true });
      const taken = !document.querySelector(from).dispatchEvent(event);
      return taken ? event.clipboardData.getData('text/plain') : null;
    },
    from,
    to,
  );
const dump = (first, last) => {
  let lines = '';
  for (let at = first * 16; at <= last * 16 && at < MESSAGE.length; at += 16) {
    const bytes = [...MESSAGE.subarray(at, at + 16)];
    const half = (from) => Array.from({ length: 8 }, (_, index) => (bytes[from + index] ?? -1))
      .map((byte) => (byte < 0 ? '   ' : `${byte.toString(16).padStart(2, '0')} `)).join('');
    const ascii = bytes.map((byte) => (byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '.')).join('');
    lines += `${at.toString(16).padStart(8, '0')}  ${half(0)} ${half(8)} |${ascii}|\n`;
  }
  return lines;
};

for (const viewport of [{ width: 1440, height: 900 }, NARROW]) {
  inEachBrowser(`what is copied out of the bytes is a hex dump in whole rows, ${viewport.width}`, { viewport }, async ({ page }) => {
    await paste(page, T1);
    // From the middle of the second row to the middle of the fourth.
    const row = (number) => `[data-offset="${number * 16}"]`;
    const middle = (number) => `${row(number)} .byte-view__half:nth-child(2) .byte-view__hex span`;
    assert.equal(await copied(page, middle(1), middle(3)), dump(1, 3));
    const all = await copied(page, `${row(0)} .byte-view__hex span`, `${row(23)} .byte-view__hex span`);
    assert.equal(all, dump(0, 23));
    // What reaches out of the bytes is the browser's.
    assert.equal(await copied(page, middle(1), '#inspector p'), null);
    await paste(page, all);
    assert.match(await text(page, '.headline'), /The client asked for 10\.0\.0\.100/, 'and it can be pasted again');
  });
}
