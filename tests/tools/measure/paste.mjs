// From a paste to its verdict. Each run is a page freshly loaded.
import { readFileSync } from 'node:fs';

import { withPage } from '../../e2e/harness.mjs';

const [T1, T2, T3] = [1, 2, 3].map((number) => readFileSync(new URL(`../../fixtures/vectors/t${number}.b64`, import.meta.url), 'utf8'));
const LATER = [T2, T3, T1, T2, T3]; // what is pasted after the first
const VERDICT = '.levels';

/** What is measured of a paste. */
export const PASTE = {
  handler: 'input event handled',
  verdict: 'until the verdict is in the document',
  frame: 'the frame that paints it, counted from the paste (no unit)',
  painted: 'until a frame with it has been painted',
  busy: 'main thread busy in all that, layout and paint included',
  longest: 'longest single task over 50 ms (0: there was none)',
};

/** Pastes `text` over all; gives the times of {@link PASTE}. */
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

/** The times of the first paste in a page of the build in `dist`, and of each later one. */
export function pasteOnce(dist) {
  return withPage({ browser: 'chromium', dist }, async ({ page }) => {
    const [first, later] = [await paste(page, T1), []];
    for (const text of LATER) later.push(await paste(page, text));
    return { first, later };
  });
}
