// Pastes that were made to take long.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { withPage } from '../../e2e/harness.mjs';

const T1 = readFileSync(new URL('../../fixtures/vectors/t1.b64', import.meta.url), 'utf8');
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
export const HOSTILE = {
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
/** The longest task and the time to an answer, in ms, for a hostile paste in the build in `dist`. */
export function hostileOnce(dist, text) {
  return withPage({ browser: 'chromium', dist }, ({ page }) =>
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
