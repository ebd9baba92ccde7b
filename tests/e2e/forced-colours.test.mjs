// In forced colours the browser paints everything in a few colours of the reader's. What the page says with colour
// has to be there in another way: a line, a sign, a word. The theme chosen on the page must not matter.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { assertAccessible, inEachBrowser, paste, press, settled, text } from './harness.mjs';

const T1 = readFileSync(new URL('../fixtures/vectors/t1.b64', import.meta.url), 'utf8').trim();

/** What the first of `selector` looks like, as far as meaning can lie in it. */
const looks = (page, selector) =>
  page.$eval(selector, (element) => {
    const style = getComputedStyle(element);
    const [ground, ink] = [style.backgroundColor, style.color];
    const line = style.outlineStyle === 'none' ? 'none' : `${style.outlineStyle} ${style.outlineColor}`;
    const under = style.textDecorationLine === 'none' ? 'none' : `${style.textDecorationLine} ${style.textDecorationStyle}`;
    return { ground, ink, line, under, border: `${style.borderBottomStyle} ${style.borderBottomColor}` };
  });
/** Fails where `one` looks like `other`, in the reader's colours. */
async function assertTold(page, one, other, by) {
  const [a, b] = [await looks(page, one), await looks(page, other)];
  const told = by.filter((what) => a[what] !== b[what]);
  assert.deepEqual(told, by, `${one} and ${other} look alike: ${JSON.stringify([a, b])}`);
}
/** The lowest contrast of what is drawn of `selector` with the reader's ground; for fills and lines of drawings. */
const drawnContrast = (page, selector) =>
  page.evaluate((selector) => {
    const probe = document.createElement('i');
    probe.style.cssText = 'background: Canvas';
    document.body.append(probe);
    const colour = (text) => (/^rgb/.test(text) ? text.match(/[\d.]+/g).map(Number) : undefined);
    const light = ([...rgb]) => {
      const [r, g, b] = rgb.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = light(colour(getComputedStyle(probe).backgroundColor));
    probe.remove();
    const drawn = [...document.querySelectorAll(selector)].flatMap((element) => {
      const style = getComputedStyle(element);
      return element.tagName === 'text' ? [style.fill] : [style.stroke];
    });
    const contrasts = drawn.map(colour).filter(Boolean).map(light)
      .map((one) => (Math.max(one, ground) + 0.05) / (Math.min(one, ground) + 0.05));
    return { lowest: Math.min(...contrasts), count: contrasts.length };
  }, selector);
const inTheme = (page, theme) => page.evaluate((theme) => { document.documentElement.dataset.theme = theme; }, theme);

const FORCED = { forcedColors: true };

inEachBrowser('forced colours are on', FORCED, async ({ page }) => {
  assert.equal(await page.evaluate(() => matchMedia('(forced-colors: active)').matches), true);
  await assertAccessible(page);
  await press(page, 'Tab');
  assert.match((await looks(page, ':focus')).line, /^solid/, 'the focus has its ring');
  await assertTold(page, '.masthead__place[aria-current]', '.masthead__place:not([aria-current])', ['border']);
  await assertTold(page, '.theme__choice[aria-pressed=true]', '.theme__choice[aria-pressed=false]', ['ground']);
});

inEachBrowser('in forced colours, a verdict and what it rests on stay told apart', FORCED, async ({ page }) => {
  await paste(page, T1);
  await page.click('[aria-label="Edit the addresses"]');
  await paste(page, '10.0.0.11', '#entries');
  await page.click('.editor [type=submit]');
  await settled(page);
  assert.match(await text(page, 'h1.headline'), /^Denied at levels 1 and 2\./);
  for (const [level, word] of [['accept', 'Accepted'], ['deny', 'Denied']]) {
    assert.equal(await text(page, `.level--${level} .level__verdict`), word);
    const sign = await drawnContrast(page, `.level--${level} .level__verdict path`);
    assert.ok(sign.count > 0 && sign.lowest >= 3, JSON.stringify(sign));
  }
  const [accepted, denied] = await page.$$eval('.level__verdict svg', (signs) => signs.map((sign) => sign.innerHTML));
  assert.notEqual(accepted, denied, 'the signs are two');
  await assertTold(page, '.chip[aria-pressed=true]', '.chip[aria-pressed=false]', ['ground']);
  // What is marked is underlined, each in its way.
  const under = async (selector) => (await looks(page, selector)).under;
  assert.equal(await under('dd.is-target-name .said__big'), 'underline solid');
  assert.equal(await under('dd.is-mic .said__big'), 'underline dashed');
  assert.equal(await under('.byte-view__run.is-target-name.mark'), 'underline solid');
  assert.equal(await under('.byte-view__run.is-mic.mark'), 'underline dashed');
  // What is selected and what is pointed at, in the fields and in the bytes.
  await page.click('.field-tree__row.is-mic');
  await settled(page);
  await assertTold(page, '.field-tree__row.is-selected', '.field-tree__row:not(.is-selected)', ['ground']);
  await assertTold(page, '.byte-view__run.is-selected', '.byte-view__run:not(.is-selected)', ['ground']);
  await page.hover('.byte-view__run.is-target-name');
  await settled(page);
  await assertTold(page, '.field-tree__row.is-linked', '.field-tree__row:not(.is-linked, .is-selected)', ['line']);
  await assertTold(page, '.byte-view__run.is-linked', '.byte-view__run:not(.is-linked, .is-selected)', ['line']);
  await assertAccessible(page);
});

inEachBrowser('in forced colours, bytes that differ stay marked', FORCED, async ({ page }) => {
  await paste(page, T1);
  await page.click('.inspector__head button');
  await settled(page);
  await paste(page, 'cifs/10.0.0.11', '#new-value');
  await press(page, 'Enter');
  assert.equal((await looks(page, '.byte-view__run.is-changed')).under, 'underline double');
  await paste(page, 'other', '#secret');
  await press(page, 'Enter');
  await assertTold(page, '.proof mark', '.proof dd', ['ground']);
  assert.match(await text(page, '.proof'), /NTProofStr does not match/);
  await assertAccessible(page);
});

inEachBrowser('in forced colours, the lab shows the step, the choice and every line of its drawing', {
  ...FORCED, hash: '#/relay/lured-client/rewrite-target-name/1',
}, async ({ page }) => {
  await assertTold(page, '.stepper__step [aria-current]', '.stepper__step button:not([aria-current])', ['line']);
  await assertTold(page, '.matrix .is-current', '.matrix tbody tr:not(.is-current)', ['line']);
  await assertTold(page, '.choice label:has(:checked)', '.choice label:not(:has(:checked))', ['ground']);
  await assertTold(page, '.lab__values mark', '.lab__values dd', ['ground']);
  const words = await page.$$eval('.stepper__state', (all) => all.map((state) => state.innerText.trim()));
  assert.deepEqual(new Set(words), new Set(['passed on', 'edited', 'wrong', 'not reached', 'logon failure']));
  for (const theme of ['light', 'dark']) {
    await inTheme(page, theme);
    const text_ = await drawnContrast(page, '.topology text');
    assert.ok(text_.count > 10 && text_.lowest >= 4.5, `${theme}: ${JSON.stringify(text_)}`);
    const lines = await drawnContrast(page, '.topology__node rect, .topology__wire, .topology__edit, .topology__check rect, .stepper svg path');
    assert.ok(lines.count > 10 && lines.lowest >= 3, `${theme}: ${JSON.stringify(lines)}`);
    await assertAccessible(page);
  }
});

inEachBrowser('in forced colours, Learn tells right from wrong, and a rule from its neighbours', { ...FORCED, hash: '#/learn' }, async ({ page }) => {
  await page.click('[data-live=quiz] .quiz__answer');
  await settled(page);
  assert.match(await text(page, '.quiz .is-right'), /right/);
  assert.equal(await page.$$eval('.quiz .is-right svg', (signs) => signs.length), 1);
  await paste(page, 'dcfr.lab.lan', '#names-0');
  assert.match(await text(page, '[data-live=names] .is-match'), /matches/);
  await assertTold(page, '[data-live=levels] .choice label:has(:checked)', '[data-live=levels] .choice label:not(:has(:checked))', ['ground']);
  await assertTold(page, '[data-live=protection] mark', '[data-live=protection] dd', ['ground']);
  await page.click('.quiz .basis__link');
  await settled(page);
  await assertTold(page, '.rules li:focus', '.rules li:not(:focus)', ['line']);
  await assertAccessible(page);
});
