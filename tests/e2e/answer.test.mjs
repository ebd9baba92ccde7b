// The answer: what is asked where it hangs on something, what stands below it, and the bar that keeps it in sight.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { NARROW, SMALLEST, WIDE, assertAccessibleInBothThemes, go, inEachBrowser, paste, press, settled, text } from './harness.mjs';
import { assertFits, tabTo, verdicts } from './steps.mjs';

const vector = (name) => readFileSync(new URL(`../fixtures/vectors/${name}.b64`, import.meta.url), 'utf8').trim();
const T1 = vector('t1');
const EVENT_551 = readFileSync(new URL('../fixtures/imports/event-551.txt', import.meta.url), 'utf8');
const EVENT = readFileSync(new URL('../fixtures/imports/event-5168.txt', import.meta.url), 'utf8');
const focused = (page) => page.evaluate(() => document.activeElement.id);
const isShown = (page) => page.$eval('#verdict-bar', (bar) => bar.checkVisibility());
const barIs = (page, shown) => page.waitForFunction((shown) => document.getElementById('verdict-bar')?.checkVisibility() === shown, {}, shown);
const scroll = async (page, top) => {
  await page.evaluate((top) => scrollTo(0, top < 0 ? document.documentElement.scrollHeight : top), top);
  await settled(page);
};

for (const [look, viewport] of Object.entries({ wide: WIDE, 'on a telephone': NARROW })) {
  inEachBrowser(`what both levels hang on is asked once below their cards and settled at a press, ${look}`, { viewport }, async ({ page, reload }) => {
    const headline = /^Denied at levels 1 and 2, unless 10\.0\.0\.100 is DCFR's own address\. The client asked for/;
    for (const [button, expected, sentence] of [
      ['No', ['Accepted', 'Denied', 'Denied'], /^Denied at levels 1 and 2\. The client/],
      ['Yes', ['Accepted', 'Accepted', 'Accepted'], /^Accepted at every level\./],
    ]) {
      await paste(page, T1);
      assert.match(await text(page, 'h1.headline'), headline);
      assert.equal((await page.$$('.question')).length, 1);
      assert.match(await text(page, '.levels .question'), /^Is 10\.0\.0\.100 one of DCFR's own addresses\? No Yes Enter its addresses/);
      assert.match(await text(page, '.level:nth-child(2)'), /if denied: STATUS_ACCESS_DENIED/);
      assert.doesNotMatch(await text(page, 'main'), /How to fix it/, 'nothing is to be fixed yet');
      assert.match(await text(page, '#ways'), /^How to find out/);
      await assertAccessibleInBothThemes(page, 'main');
      await page.$$eval('.question button', (all, words) => all.find(({ innerText }) => innerText.trim() === words).click(), button);
      await settled(page);
      assert.deepEqual(await verdicts(page), expected);
      assert.match(await text(page, 'h1.headline'), sentence);
      assert.equal(await focused(page), 'answer-headline', 'the focus does not go with the button');
      assert.match(await text(page, '.notes'), /^Used in this tab, not kept: DCFR.*Undo Keep$/);
      assert.equal(await page.evaluate(() => localStorage.getItem('spnscope.server')), null);
      await assertFits(page);
      await reload();
    }
  });
}

inEachBrowser('the link below the cards leads to the field, Enter takes what is typed, and Esc leaves it', async ({ page }) => {
  await paste(page, T1);
  await page.click('.question .link');
  await page.waitForFunction(() => document.activeElement.id === 'entries');
  await page.keyboard.type('10.0.0.11');
  await press(page, 'Enter');
  assert.deepEqual(await verdicts(page), ['Accepted', 'Denied', 'Denied']);
  assert.equal(await focused(page), 'addresses-edit');
  await press(page, 'Enter');
  assert.equal(await focused(page), 'entries');
  await page.keyboard.type('10.0.0.100');
  await press(page, 'Shift+Enter', 'Escape');
  assert.equal(await focused(page), 'addresses-edit');
  assert.deepEqual(await verdicts(page), ['Accepted', 'Denied', 'Denied']);
});

inEachBrowser('an event that has no address of the server asks for them too', async ({ page }) => {
  await paste(page, EVENT_551);
  assert.match(await text(page, 'h1.headline'), /^Denied at levels 1 and 2, unless 10\.0\.0\.100 is the server's own address\./);
  assert.match(await text(page, '.question'), /^Is 10\.0\.0\.100 one of the server's own addresses\? No Yes Enter its addresses/);
  await page.click('.question button');
  await settled(page);
  assert.deepEqual(await verdicts(page), ['Accepted', 'Denied', 'Denied']);
});

/** What the bar says, and whether it is where it should be. */
async function assertBar(page, words) {
  await barIs(page, true);
  assert.match(await text(page, '#verdict-bar'), words);
  const { top, height, gates, wide } = await page.$eval('#verdict-bar', (bar) => {
    const { top, height } = bar.getBoundingClientRect();
    const gates = [...bar.querySelectorAll('.gate')].filter((gate) => gate.getBoundingClientRect().right <= innerWidth).length;
    return { top, height, gates, wide: bar.scrollWidth > innerWidth };
  });
  assert.deepEqual({ top, gates, wide }, { top: 0, gates: 3, wide: false });
  assert.ok(height <= 40, `it is thin: ${height}`);
}

for (const [look, viewport] of Object.entries({ wide: WIDE, 'on a telephone': NARROW, 'at 320 pixels': SMALLEST })) {
  inEachBrowser(`the answer stays in sight once its cards have left the window, ${look}`, { viewport }, async ({ page, browser }) => {
    if (browser === 'chromium') {
      await page.evaluate(() => {
        globalThis.shifts = [];
        new PerformanceObserver((list) => globalThis.shifts.push(...list.getEntries().filter(({ hadRecentInput }) => !hadRecentInput).map(({ value }) => value)))
          .observe({ type: 'layout-shift' });
      });
    }
    await paste(page, T1);
    await barIs(page, false);
    await page.evaluate(() => globalThis.shifts?.splice(0));
    await scroll(page, -1);
    await assertBar(page, /^0 1 2 Denied at levels 1 and 2, unless 10\.0\.0\.100 is DCFR's own address\./);
    await assertAccessibleInBothThemes(page);
    // It says what happens to the answer while one works below it.
    await paste(page, 'other', '#secret');
    await press(page, 'Enter');
    await assertBar(page, /Refused before the name is checked/);
    await page.click('#forget');
    await settled(page);
    await scroll(page, 0);
    await barIs(page, false);
    await scroll(page, -1);
    await barIs(page, true);
    assert.deepEqual(await page.evaluate(() => globalThis.shifts ?? []), [], 'nothing moves when it comes and goes');

    await go(page, '#/relay');
    await page.waitForSelector('.lab:not([hidden] *)');
    await scroll(page, 0);
    await barIs(page, false);
    await scroll(page, -1);
    await assertBar(page, /^0 1 2 The attack succeeds\./);
    await assertAccessibleInBothThemes(page);

    await go(page, '#/learn');
    await page.waitForSelector('html[data-place=learn]');
    await scroll(page, 0);
    await barIs(page, false);
    await scroll(page, 1500);
    await assertBar(page, /^0 1 2 Denied at levels 1 and 2, unless/);
    await assertAccessibleInBothThemes(page);
  });

  inEachBrowser(`nothing that has the focus lies under the bar, ${look}`, { viewport }, async ({ page }) => {
    await paste(page, T1);
    await scroll(page, -1);
    await barIs(page, true);
    // Backwards each stop comes in from above. `tabTo` looks whether each is in sight.
    await tabTo(page, '.foot a');
    await tabTo(page, '#secret');
    await tabTo(page, '.field-tree__row[tabindex="0"]');
    await tabTo(page, '.question .button');
  });
}

inEachBrowser('where there is no answer there is no bar', async ({ page }) => {
  await scroll(page, -1);
  assert.equal(await page.$('#verdict-bar'), null);
  await paste(page, vector('t1').split('\n')[1]);
  assert.equal(await page.$('#verdict-bar'), null, 'a CHALLENGE is not judged');
  await paste(page, EVENT);
  await scroll(page, -1);
  await assertBar(page, /Denied at levels 1 and 2\./);
  await paste(page, '');
  assert.equal(await page.$('#verdict-bar'), null);
});

inEachBrowser('steps and events open below the cards, at full width, and the cards stay as they are', async ({ page }) => {
  await paste(page, T1);
  const boxes = () => page.evaluate(() => ['.levels', '.said', '.level-details', '.answer'].map((selector) => {
    const { left, right, top, bottom, height } = document.querySelector(selector).getBoundingClientRect();
    return { left, right, top, bottom, height };
  }));
  const [before, said] = await boxes();
  await page.click('.level:nth-child(2) .level__more');
  await settled(page);
  const [cards, saidAfter, details, all] = await boxes();
  assert.deepEqual([cards.height, saidAfter.height], [before.height, said.height]);
  assert.ok(details.top >= cards.bottom && Math.abs(details.right - details.left - (all.right - all.left)) < 2, JSON.stringify({ details, all }));
  assert.match(await text(page, '.level-details'), /^Level 1: Depends on the server's addresses Status, if denied: STATUS_ACCESS_DENIED 0xC0000022/);
  await page.click('.level:nth-child(1) .level__more');
  await page.click('.level:nth-child(3) .level__more');
  await settled(page);
  const columns = await page.$$eval('.level-details__level', (all) => all.map((one) => one.getBoundingClientRect().left));
  assert.equal(new Set(columns).size, 3, 'three columns');
  await assertAccessibleInBothThemes(page, 'main');
  for (const card of [1, 2, 3]) await page.click(`.level:nth-child(${card}) .level__more`);
  await settled(page);
  assert.equal(await page.$eval('.level-details', (details) => details.checkVisibility()), false);
});

inEachBrowser('ways are rows of full width, with commands in their own lines and the warning above the button', async ({ page }) => {
  await page.click('.samples button');
  await settled(page);
  assert.match(await text(page, '#ways h2'), /^How to fix it$/);
  const rows = await page.$$eval('.way', (ways) => ways.map((way) => way.getBoundingClientRect().width));
  const [frame] = await page.$$eval('.ways', ([ways]) => [ways.clientWidth]);
  assert.ok(rows.length > 2 && rows.every((width) => Math.abs(width - frame) < 2), `${rows} in ${frame}`);
  const order = await page.evaluate(() => {
    const way = document.querySelector('.way:has(.way__caution)');
    const tops = ['.way__caution', '.button--main', '.run__where', '.command', '.way__undo'].map((selector) => way.querySelector(selector).getBoundingClientRect().top);
    return tops.every((top, at) => at === 0 || top >= tops[at - 1]);
  });
  assert.ok(order, 'caution, button, where to run it, the command, the undo');
  assert.match(await text(page, '.way:has(.way__caution) .run__where'), /^Run on the server as administrator, in PowerShell\./);
  // No line of a command is broken.
  for (const viewport of [WIDE, NARROW]) {
    await page.setViewport(viewport);
    await settled(page);
    const lines = await page.$$eval('.way__run pre', (all) => all.map((pre) => [Math.round(pre.getBoundingClientRect().height / parseFloat(getComputedStyle(pre).lineHeight)), pre.textContent.trimEnd().split('\n').length]));
    for (const [shown, written] of lines) assert.ok(shown - written <= 1, `${shown} lines shown of ${written}`);
    await assertFits(page);
    await assertAccessibleInBothThemes(page, '#ways');
  }
  assert.doesNotMatch(await page.$eval('main', (main) => main.textContent), /--server-(ip|name)|--domain-controller/);
});

inEachBrowser('a button that waits for the password says so and leads to its field', async ({ page }) => {
  await page.click('.samples button');
  await settled(page);
  await page.click('dd.is-target-name .jump');
  // The inspector follows the pointer.
  await page.mouse.move(0, 0);
  await settled(page);
  await page.click('.inspector__head button');
  await settled(page);
  await paste(page, 'cifs/10.0.0.11', '#new-value');
  await press(page, 'Enter');
  assert.match(await text(page, '.edited'), /Recompute, as the client would Needs the password of LAB\\User\./);
  await page.click('.edited .button--main');
  await settled(page);
  assert.equal(await focused(page), 'secret');
  assert.match(await text(page, '#secret-hint'), /^Needs the password of LAB\\User/);
  // One that does not help is not to be pressed, looks it, and says why.
  await paste(page, 'other', '#secret');
  await press(page, 'Enter');
  assert.match(await text(page, '#compute-waits'), /does not fit/);
  const looks = await page.$eval('.edited .button--main', (button) => {
    const { cursor, borderStyle } = getComputedStyle(button);
    return { cursor, borderStyle, disabled: button.disabled };
  });
  assert.deepEqual(looks, { cursor: 'not-allowed', borderStyle: 'dashed', disabled: true });
  await paste(page, 'Password', '#secret');
  await press(page, 'Enter');
  await page.click('.edited .button--main');
  await settled(page);
  assert.deepEqual(await verdicts(page), ['Accepted', 'Accepted', 'Accepted']);
  assert.equal(await isShown(page), false);
});
