// Every place at the ends of what windows there are: 320 pixels, twice the size of everything, 4K; with the longest names,
// with names that run from right to left, and without motion.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { NARROW, SMALLEST, WIDE, go, inEachBrowser, paste, press, settled, text } from './harness.mjs';
import { authenticate, challenge } from './messages.mjs';
import { assertFits, unfold as unfoldIn } from './steps.mjs';

const T1 = readFileSync(new URL('../fixtures/vectors/t1.b64', import.meta.url), 'utf8').trim();
const REWRITTEN = '#/relay/lured-client/rewrite-target-name/1';

const unfold = (page) => unfoldIn(page, 'main, .learn');

/** Every state of every place that can be too wide or too high; leaves the page in it for `look`. */
async function inEveryPlace(page, look) {
  await look('first visit');
  await paste(page, T1);
  await paste(page, 'other', '#secret');
  await press(page, 'Enter');
  await page.click('.copy-as > button');
  await page.click('[aria-label="Edit the names"]');
  await settled(page);
  await unfold(page);
  await look('Decode');
  await go(page, REWRITTEN);
  await look('Relay lab');
  await go(page, '#/relay/own-client/nothing/2/controller/signing');
  await look('Relay lab, signed');
  await go(page, '#/learn');
  await page.click('[data-live=quiz] .quiz__answer');
  await unfold(page);
  await look('Learn');
}

/**
 * Runs in the page: what of it cannot be used as it stands. Controls lie in the page and not over each other, and what stands
 * one after another does not overlap.
 */
function faults() {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const name = (element) => `${element.localName}.${element.getAttribute('class')} "${element.textContent.trim().slice(0, 30)}"`;
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  const found = [];
  const controls = [...document.querySelectorAll('button, input:not(.choice *), select, textarea, summary, .choice label')]
    .filter((control) => shown(control) && !control.matches('.visually-hidden'))
    .map((control) => ({ control, box: control.getBoundingClientRect() }));
  for (const { control, box } of controls) {
    // What scrolls in itself may reach out of it.
    const scrolls = control.closest('.byte-view, .field-tree, .steps-scroll, .lab__changes, .chips, .contents, pre, .strip');
    if (!scrolls && (box.left < -1 || box.right > document.documentElement.clientWidth + 1)) found.push(`${name(control)} reaches out of the page`);
    if (box.width < 1 || box.height < 1) found.push(`${name(control)} has no size`);
  }
  const sorted = controls.sort((a, b) => a.box.top - b.box.top);
  sorted.forEach((one, index) => {
    for (const other of sorted.slice(index + 1)) {
      if (other.box.top >= one.box.bottom) break;
      if (one.control.contains(other.control) || other.control.contains(one.control)) continue;
      if (meet(one.box, other.box)) found.push(`${name(one.control)} lies over ${name(other.control)}`);
    }
  });
  for (const element of document.querySelectorAll('body *')) {
    const next = element.nextElementSibling;
    if (!next || element.closest('svg, textarea, .byte-view, .visually-hidden') || !shown(element) || !shown(next)) continue;
    const flows = (one) => {
      const { position, display, float } = getComputedStyle(one);
      return /static|relative/.test(position) && !display.startsWith('inline') && display !== 'contents' && float === 'none';
    };
    if (!flows(element) || !flows(next)) continue;
    const [a, b] = [element.getBoundingClientRect(), next.getBoundingClientRect()];
    if (a.width && b.width && meet({ ...a.toJSON(), bottom: a.bottom - 1 }, b)) found.push(`${name(element)} overlaps ${name(next)}`);
  }
  return found;
}

const WINDOWS = {
  'in 4K': { width: 3840, height: 2160 },
  // Twice the size of everything is half the window in CSS pixels.
  'at 200 %': { width: 720, height: 450, deviceScaleFactor: 2 },
  'at 320 pixels, dark': SMALLEST,
};
for (const [look, viewport] of Object.entries(WINDOWS)) {
  const colorScheme = look.endsWith('dark') ? 'dark' : 'light';
  inEachBrowser(`nothing is cut off and nothing overlaps, ${look}`, { viewport, colorScheme }, async ({ page }) => {
    await inEveryPlace(page, async (state) => {
      await assertFits(page);
      assert.deepEqual(await page.evaluate(faults), [], state);
    });
  });
}

/** Runs in the page: the plain words that stand in two lines. Data may break anywhere. */
function brokenWords() {
  const data = 'pre, code, textarea, bdi, svg, option, .mono, .byte-view, .visually-hidden, [class*=status]';
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent.closest(data) || !parent.checkVisibility({ visibilityProperty: true })) continue;
    for (const { 0: word, index } of node.data.matchAll(/\p{L}{2,}/gu)) {
      if (!/^(\p{Lu}?\p{Ll}+|\p{Lu}+)$/u.test(word) || word.length > 16) continue;
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const lines = new Set([...range.getClientRects()].filter(({ width }) => width).map(({ top }) => Math.round(top)));
      if (lines.size > 1) found.push(`${word} in ${parent.localName}.${parent.className}`);
    }
  }
  return found;
}

for (const [width, height] of [[320, 640], [390, 844], [768, 1024], [1024, 768], [1366, 768]]) {
  inEachBrowser(`no word breaks, ${width} pixels`, { viewport: { width, height } }, async ({ page }) => {
    assert.deepEqual(await page.evaluate(brokenWords), [], 'first page');
    await go(page, '#/decode/access-denied');
    await paste(page, '\\\\10.0.0.100\\share', '#access-opened');
    assert.deepEqual(await page.evaluate(brokenWords), [], 'without a capture');
    await go(page, '#/decode');
    await paste(page, T1);
    await page.$$eval('main details', (all) => all.forEach((details) => { details.open = true; }));
    await settled(page);
    assert.deepEqual(await page.evaluate(brokenWords), [], 'Decode');
    await assertFits(page);
    const tops = await page.$$eval('.rail .choice', (all) => all.map((choice) =>
      new Set([...choice.querySelectorAll('label')].map((label) => label.getBoundingClientRect().top)).size));
    assert.ok(width < 390 || tops.every((lines) => lines === 1), `a choice stands in ${tops} lines`);
    const [bytes, server] = await page.evaluate(() =>
      ['.bench__bytes', '.rail'].map((selector) => document.querySelector(selector).getBoundingClientRect().toJSON()));
    assert.ok(server.top >= bytes.bottom, 'the server is below the bytes');
  });
}

inEachBrowser('on a telephone what a tapped field is opens under its row, and who signs in is above', { viewport: { ...NARROW, hasTouch: true } }, async ({ page }) => {
  const [words, coarse] = await page.evaluate(() => [document.querySelector('.first__drop').innerText, matchMedia('(pointer: coarse)').matches]);
  assert.equal(/Drop a file/.test(words), !coarse, 'nobody drops a file with a finger');
  await paste(page, T1);
  assert.match(await text(page, '.signer'), /^Signs in: LAB\\User from COMPUTER$/);
  const tops = await page.evaluate(() =>
    ['.headline', '.signer', '.levels', '.said'].map((selector) => document.querySelector(selector).getBoundingClientRect().top));
  assert.deepEqual(tops, [...tops].sort((a, b) => a - b));
  await page.click('.field-tree__row.is-target-name .field-tree__label');
  await settled(page);
  const detail = await text(page, '.field-tree__detail');
  assert.match(detail, /cifs\/10\.0\.0\.100/);
  const [row, below] = await page.evaluate(() =>
    ['.field-tree__row.is-selected', '.field-tree__detail'].map((selector) => document.querySelector(selector).getBoundingClientRect().toJSON()));
  assert.ok(Math.abs(below.top - row.bottom) < 4, 'under the row');
  await assertFits(page);
  assert.equal(await page.$eval('#steps', (steps) => steps.checkVisibility()), false, 'each card has its steps');
});

inEachBrowser('fingers have 24 pixels in every place, on a telephone', { viewport: NARROW }, async ({ page }) => {
  await inEveryPlace(page, async (state) => {
    const small = await page.evaluate(() => {
      const size = (element) => {
        // A line of a link is high enough, however many it has.
        const boxes = [...(element.closest('label') ?? element).getClientRects()];
        return { width: Math.max(...boxes.map(({ width }) => width)), height: Math.min(...boxes.map(({ height }) => height)) };
      };
      return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [role=row][tabindex]')]
        .filter((target) => target.checkVisibility({ visibilityProperty: true }) && !target.matches('.visually-hidden, .skip'))
        .map((target) => ({ target: `${target.localName}.${target.getAttribute('class')} "${target.textContent.slice(0, 30)}"`, ...size(target) }))
        .filter(({ width, height }) => width < 24 || height < 24);
    });
    assert.deepEqual(small, [], state);
  });
});

inEachBrowser('on a telephone the lab is read from top to bottom: two settings side by side, messages, steps, choices, what a step is', {
  viewport: NARROW, hash: REWRITTEN,
}, async ({ page }) => {
  const tops = await page.evaluate(() =>
    ['.lab h1', '.matrix--pairs', '.passages', '.stepper', '.lab__controls', '.lab__detail'].map(
      (selector) => document.querySelector(selector).getBoundingClientRect().top,
    ));
  assert.deepEqual(tops, [...tops].sort((a, b) => a - b));
  const order = await page.$$eval('.lab > :not(.stepper) :is(button, input, a)', (all) => all.map((one) => one.getBoundingClientRect().top));
  assert.ok(order.every((top, index) => index === 0 || top >= order[index - 1] - 40), 'Tab goes as one reads');
  assert.equal(await page.$eval('.topology', (svg) => getComputedStyle(svg).display), 'none');
  const lines = await page.$$eval('.passages li', (all) => all.map((line) => line.innerText.replace(/\s+/g, ' ').trim()));
  assert.deepEqual(lines.slice(4), [
    '3 AUTHENTICATE cifs/10.0.0.100 Client → Attacker',
    '3 AUTHENTICATE, edited cifs/10.0.0.11 Attacker → Server',
    'is this proof right? Server → Domain controller',
    'wrong Domain controller → Server',
    'Proof: wrong 16 of 16 bytes differ',
    'STATUS_LOGON_FAILURE Server → Attacker',
    'the same Attacker → Client',
  ]);
  const [first, ...rest] = await page.$$eval('.matrix--pairs tbody th', (cells) => cells.map((cell) => cell.getBoundingClientRect().width));
  assert.ok(first > 80 && rest.every((width) => width === first), `the settings have ${first} pixels`);
});

const RIGHT_TO_LEFT = 'שרת.מעבדה.example';
const sentNames = (name) => [
  challenge({ target: name, texts: { MsvAvNbDomainName: name, MsvAvNbComputerName: name, MsvAvDnsComputerName: name } }),
  authenticate({ domain: name, user: name, workstation: name, texts: { MsvAvNbComputerName: name, MsvAvDnsComputerName: name, MsvAvTargetName: `cifs/${name}` } }),
].map((message) => message.toString('base64')).join('\n');

inEachBrowser('a name from right to left turns nothing around it', { viewport: WIDE }, async ({ page }) => {
  await paste(page, sentNames(RIGHT_TO_LEFT));
  const parts = await page.$$eval('.who b bdi bdi', (all) => all.map((one) => one.textContent));
  assert.deepEqual(parts, [RIGHT_TO_LEFT, RIGHT_TO_LEFT], 'domain and user are isolated each');
  assert.match(await text(page, 'h1.headline'), new RegExp(`The client asked for ${RIGHT_TO_LEFT.replaceAll('.', '\\.')}`));
  // What follows the name in the sentence stands to the right of it, or on a later line.
  const order = await page.$eval('h1.headline .mark', (mark) => {
    const name = mark.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(mark.nextSibling);
    const [after] = range.getClientRects();
    return { follows: after.left >= name.right - 1 || after.top >= name.bottom - 1, isIsolated: getComputedStyle(mark.querySelector('bdi')).unicodeBidi };
  });
  assert.deepEqual(order, { follows: true, isIsolated: 'isolate' });
  // Where it stands in a sentence, that runs from left to right all the same.
  const turned = await page.evaluate((name) => {
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = words.nextNode(); node; node = words.nextNode()) {
      const parent = node.parentElement;
      if (node.data.includes(name) && getComputedStyle(parent).direction !== 'ltr') found.push(parent.outerHTML.slice(0, 160));
    }
    return found;
  }, RIGHT_TO_LEFT);
  assert.deepEqual(turned, []);
  await go(page, `#/relay/lured-client/rewrite-target-name/1/name=${encodeURIComponent(`cifs/${RIGHT_TO_LEFT}`).replaceAll('%2F', '%2f')}`);
  assert.match(await text(page, '.lab__changes'), new RegExp(RIGHT_TO_LEFT));
  await assertFits(page);
});

for (const [look, viewport] of Object.entries({ wide: WIDE, 'at 320 pixels': SMALLEST })) {
  inEachBrowser(`the longest names widen nothing in any place, ${look}`, { viewport }, async ({ page }) => {
    for (const name of ['n'.repeat(2_000), 'ﷺ'.repeat(400), `${'a.'.repeat(500)}b`]) {
      await paste(page, sentNames(name));
      await paste(page, name.slice(0, 400), '#allowed');
      await press(page, 'Enter');
      await unfold(page);
      await assertFits(page);
    }
    await go(page, REWRITTEN);
    for (const field of ['#newname', '#lab-allowed']) {
      await paste(page, `cifs/${'n'.repeat(250)}`, field);
      await press(page, 'Enter');
      await assertFits(page);
    }
    await paste(page, `cifs/${'\u202e'.repeat(100)}`, '#newname');
    await assertFits(page);
    // What hides is long when it is written out; the drawing keeps it between its parties.
    const widths = await page.$$eval('.topology__name', (all) => all.map((name) => Number(name.getAttribute('width'))));
    assert.ok(widths.every((width) => width < 260), String(widths));
    await go(page, '#/learn');
    for (const field of ['#parts-0', '#names-0', '#names-1', '#bytes-0']) {
      await paste(page, 'n'.repeat(400), field);
      await assertFits(page);
    }
  });
}

inEachBrowser('a name of spaces is seen', { hash: REWRITTEN }, async ({ page }) => {
  await paste(page, 'cifs/   ', '#newname');
  assert.match(await text(page, '.lab__changes'), /“cifs\/ ”/);
  await page.$$eval('.lab input[name=who]', (all) => all[6].click());
  await settled(page);
  assert.match(await text(page, '.lab h1'), /A name of spaces is neither one of the server's names nor an allowed name\./);
  await paste(page, sentNames('  '));
  await go(page, '#/decode');
  await paste(page, sentNames('  '));
  assert.match(await text(page, 'h1.headline'), /The client asked for “ ”/);
});

// Whatever moves announces itself with one of these.
const countMotion = (page) =>
  page.evaluateOnNewDocument(() => {
    globalThis.moved = 0;
    for (const kind of ['animationstart', 'transitionrun']) addEventListener(kind, () => (globalThis.moved += 1), true);
  });
for (const reducedMotion of [true, false]) {
  inEachBrowser(`the lab ${reducedMotion ? 'does not move for those who want no motion' : 'moves for the others'}`, {
    reducedMotion, hash: REWRITTEN, before: countMotion,
  }, async ({ page }) => {
    await page.focus('.stepper [aria-current]');
    await press(page, 'Home', 'ArrowRight', 'ArrowRight', 'End');
    const [moved, running] = await page.evaluate(() => [globalThis.moved, document.getAnimations().length]);
    if (reducedMotion) assert.deepEqual([moved, running], [0, 0]);
    else assert.ok(moved > 0);
  });
}

inEachBrowser('no word of the lab breaks, and no name touches the edge of its box', async ({ page }) => {
  await go(page, '#/relay');
  await page.waitForSelector('.stepper__steps');
  for (const width of [1440, 1366, 1280, 1100]) {
    await page.setViewport({ width, height: 900 });
    await settled(page);
    const broken = await page.evaluate(() => {
      const lines = (node) => {
        const range = document.createRange();
        return [...node.data.matchAll(/[^\s]+/g)].filter(({ 0: word, index }) => {
          range.setStart(node, index);
          range.setEnd(node, index + word.length);
          return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
        });
      };
      const found = [];
      const walker = document.createTreeWalker(document.querySelector('.stepper'), NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) found.push(...lines(walker.currentNode).map(([word]) => word));
      for (const button of document.querySelectorAll('.stepper__step button')) {
        const range = document.createRange();
        range.selectNodeContents(button);
        if (range.getBoundingClientRect().right > button.getBoundingClientRect().right) found.push(button.textContent);
      }
      for (const box of document.querySelectorAll('.topology__node')) {
        const edge = box.querySelector('rect').getBoundingClientRect().right;
        for (const name of box.querySelectorAll('text')) {
          if (name.getBoundingClientRect().right > edge - 4) found.push(name.textContent);
        }
      }
      return found;
    });
    assert.deepEqual(broken, [], `at ${width} pixels`);
  }
});
