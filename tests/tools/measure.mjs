// How long the page takes to be there and from a paste to its verdict, in Chromium on this machine, and
// what the first load weighs. Each run is a page freshly loaded; loading is measured with the processor
// slowed down four times.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { closeBrowsers, withPage } from '../e2e/harness.mjs';
import { firstLoad, printSizes, sizes } from './size.mjs';

const [T1, T2, T3] = [1, 2, 3].map((number) => readFileSync(new URL(`../fixtures/vectors/t${number}.b64`, import.meta.url), 'utf8'));
const RUNS = 30;
const LATER = [T2, T3, T1, T2, T3]; // what is pasted after the first
const VERDICT = '.levels';

const WHAT = {
  handler: 'input event handled',
  verdict: 'until the verdict is in the document',
  frame: 'the frame that paints it, counted from the paste (no unit)',
  painted: 'until a frame with it has been painted',
  busy: 'main thread busy in all that, layout and paint included',
  longest: 'longest single task over 50 ms (0: there was none)',
};

/** Pastes `text` over all; gives the times of {@link WHAT}. */
async function paste(page, text) {
  const before = await page.metrics();
  const times = await page.evaluate(
    (text, verdict) =>
      new Promise((resolve, reject) => {
        const times = { longest: 0 };
        new PerformanceObserver((list) => {
          times.longest = Math.max(times.longest, ...list.getEntries().map(({ duration }) => duration));
        }).observe({ type: 'longtask' });
        setTimeout(() => reject(new Error(`no other ${verdict} after 5 seconds`)), 5000);

        const shown = () => document.querySelector(verdict)?.textContent;
        const old = shown();
        const isThere = () => shown() !== undefined && shown() !== old;
        const field = document.querySelector('#paste');
        field.focus();
        field.value = text;
        const start = performance.now();
        const note = () => {
          if (!isThere()) return;
          times.verdict = performance.now() - start;
          changes.disconnect();
          requestAnimationFrame(() => {
            // A message posted in a frame is handled after that frame's paint.
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => {
              times.painted = performance.now() - start;
              // Observers are told of a long task after it has ended.
              setTimeout(() => resolve(times), 100);
            };
            port2.postMessage('');
          });
        };
        const changes = new MutationObserver(note);
        changes.observe(document.body, { childList: true, characterData: true, subtree: true });
        let frame = 0;
        const count = () => {
          frame += 1;
          if (isThere()) times.frame = frame;
          else requestAnimationFrame(count);
        };
        requestAnimationFrame(count);
        field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
        times.handler = performance.now() - start;
      }),
    text,
    VERDICT,
  );
  const after = await page.metrics();
  return { ...times, busy: (after.TaskDuration - before.TaskDuration) * 1000 };
}

/** The times of the first paste in a page, and of each later one. */
function once() {
  return withPage({ browser: 'chromium' }, async ({ page }) => {
    const [first, later] = [await paste(page, T1), []];
    for (const text of LATER) later.push(await paste(page, text));
    return { first, later };
  });
}

const LOAD = {
  lcp: 'largest contentful paint',
  tbt: 'total blocking time: what of long tasks is over 50 ms',
  ready: 'until the program runs',
  cls: 'cumulative layout shift (no unit)',
};
const LOADS = 10;

function loadOnce() {
  const before = async (page) => {
    await page.emulateCPUThrottling(4);
    await page.evaluateOnNewDocument(() => {
      const seen = (globalThis.seen = { lcp: 0, tbt: 0, cls: 0 });
      const observe = (type, each) =>
        new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
      observe('largest-contentful-paint', ({ startTime }) => (seen.lcp = startTime));
      observe('longtask', ({ duration }) => (seen.tbt += Math.max(0, duration - 50)));
      observe('layout-shift', ({ value, hadRecentInput }) => (seen.cls += hadRecentInput ? 0 : value));
      new MutationObserver(() => (seen.ready ??= performance.now())).observe(document, {
        attributes: true,
        subtree: true,
        attributeFilter: ['data-ready'],
      });
    });
  };
  return withPage({ browser: 'chromium', before }, async ({ page }) => {
    // What comes after the start is part of it.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return page.evaluate(() => globalThis.seen);
  });
}

const LARGEST = 4 << 20; // bytes, what is read of a paste
const filled = (piece) => piece.repeat(Math.floor(LARGEST / piece.length));
const inBase64 = (bytes) => Buffer.from(bytes).toString('base64');
/** Tokens one in another, as deep as they can be in the largest paste; each says that it reaches to the end. */
function nested() {
  const bytes = Buffer.alloc((LARGEST / 4) * 3);
  for (let at = 0; at + 6 <= bytes.length; at += 6) {
    bytes.set([0x60, 0x84], at);
    bytes.writeUInt32BE(bytes.length - at - 6, at + 2);
  }
  return inBase64(bytes);
}

/** What was made to take long. */
const HOSTILE = {
  '4 MiB of base64 that is nothing': () => inBase64(createHash('shake256', { outputLength: (LARGEST / 4) * 3 }).digest()),
  '4 MiB of one letter': () => filled('A'),
  '4 MiB of hex digits': () => createHash('shake256', { outputLength: LARGEST / 2 }).digest('hex'),
  '4 MiB of small numbers': () => filled('1 '),
  '4 MiB of rows of a dump': () => filled('0000 4e 54 4c 4d 53 53 50 00\n'),
  '4 MiB of backslashes': () => filled('\\'),
  '4 MiB of markup': () => filled('<img src=x onerror=alert(1)>'),
  '4 MiB of signatures in base64': () => filled('TlRMTVNTUAAD'),
  'half a million GSS-API tokens in one another': nested,
  '1,000 messages, 333 sign-ins': () => `${T1.trim()}\n`.repeat(333),
};
const HOSTILE_RUNS = 3;

/** The longest task and the time to an answer, in ms, for a hostile paste. */
function hostileOnce(text) {
  return withPage({ browser: 'chromium' }, ({ page }) =>
    page.evaluate(
      (text) =>
        new Promise((resolve) => {
          const took = { longest: 0 };
          new PerformanceObserver((list) => {
            took.longest = Math.max(took.longest, ...list.getEntries().map(({ duration }) => duration));
          }).observe({ type: 'longtask' });
          const field = document.querySelector('#paste');
          field.focus();
          const clipboardData = new DataTransfer();
          clipboardData.setData('text/plain', text);
          setTimeout(() => {
            const start = performance.now();
            const { title } = document;
            const look = () => {
              // The answer is in the title too.
              if (document.title === title) return setTimeout(look, 5);
              took.answer = performance.now() - start;
              return setTimeout(() => resolve(took), 1500);
            };
            const pasted = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
            if (field.dispatchEvent(pasted)) {
              field.value = text;
              field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
            }
            look();
          }, 500);
        }),
      text,
    ),
  );
}

function printTimes(title, what, runs) {
  const width = Math.max(title.length, ...Object.values(what).map((text) => text.length));
  console.log(`\n${title.padEnd(width)}   median      p95`);
  for (const [key, text] of Object.entries(what)) {
    const sorted = runs.map((run) => run[key]).sort((a, b) => a - b);
    const cells = [0.5, 0.95].map((q) => quantile(sorted, q).toFixed(key === 'cls' ? 3 : 1).padStart(8));
    console.log(text.padEnd(width), ...cells);
  }
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];

try {
  const loads = [];
  for (let run = 0; run < LOADS; run += 1) loads.push(await loadOnce());
  printTimes(`first load, processor slowed down 4 times, ${LOADS} runs, ms`, LOAD, loads);
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await once());
  printTimes(`first paste of three messages, ${RUNS} runs, ms`, WHAT, runs.map(({ first }) => first));
  printTimes(`later pastes, ${RUNS * LATER.length} in ${RUNS} pages, ms`, WHAT, runs.flatMap(({ later }) => later));
  console.log(`\n${'hostile pastes, median of 3 runs, ms'.padEnd(48)} longest task   to an answer`);
  for (const [name, make] of Object.entries(HOSTILE)) {
    const text = make();
    const runs = [];
    for (let run = 0; run < HOSTILE_RUNS; run += 1) runs.push(await hostileOnce(text));
    const median = (key) => quantile(runs.map((run) => run[key]).sort((a, b) => a - b), 0.5).toFixed(0);
    console.log(name.padEnd(48), median('longest').padStart(12), median('answer').padStart(14));
  }
  console.log();
  printSizes(sizes(firstLoad()));
} catch (error) {
  console.error(`measure: ${error.message}`);
  process.exitCode = 1;
} finally {
  await closeBrowsers();
}
