// Captures dropped on the page: how fast they are read, and whether the page still listens meanwhile.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { withPage } from '../../e2e/harness.mjs';

/** What is measured of a capture. */
export const CAPTURE = {
  seconds: 'from the choice of the file to its end, in seconds',
  speed: 'MB/s',
  first: 'until the first answer is shown, in ms',
  longest: 'longest single task over 50 ms (0: there was none)',
  memory: 'peak memory of the tab, MiB',
  sorted: 'longest task while the table is sorted and filtered (0: none over 50 ms)',
};

const GENERATOR = fileURLToPath(new URL('../../bench/captures.py', import.meta.url));

/** The captures, made anew: a name, and which kind of so many MB. 16 MB of sign-ins are over a thousand. */
const KINDS = { '200 MB, bulk': ['bulk', 200], '200 MB, dense': ['dense', 200], 'over 1,000 sign-ins': ['dense', 16] };

/** Makes the captures, gives each to `use` as `(name, file)`, and takes them away. */
export async function withCaptures(use) {
  const folder = mkdtempSync(join(tmpdir(), 'spnscope-measure-'));
  try {
    for (const [name, [kind, megabytes]] of Object.entries(KINDS)) {
      const file = join(folder, `${kind}.pcap`);
      execFileSync('python3', [GENERATOR, kind, file, String(megabytes)]);
      await use(name, file);
      rmSync(file);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The highest memory in MiB of the processes of pages, as Linux counts it; NaN elsewhere. */
async function peakMemory(page) {
  try {
    const session = await page.browser().target().createCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const peaks = processInfo
      .filter(({ type }) => type === 'renderer')
      .map(({ id }) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))[1]) / 1024);
    return Math.max(...peaks);
  } catch {
    return NaN;
  }
}

/** Opens `file` in the page of the build in `dist`; gives what {@link CAPTURE} lists. */
export function captureOnce(dist, file) {
  return withPage({ browser: 'chromium', dist }, async ({ page }) => {
    page.setDefaultTimeout(120_000);
    await page.evaluate(() => {
      globalThis.longest = 0;
      new PerformanceObserver((list) => {
        globalThis.longest = Math.max(globalThis.longest, ...list.getEntries().map(({ duration }) => duration));
      }).observe({ type: 'longtask' });
    });
    const chosen = await page.$('.paste input[type=file]');
    const start = performance.now();
    await chosen.uploadFile(file);
    await page.waitForSelector('.levels');
    const first = performance.now() - start;
    await page.waitForFunction(() => !document.querySelector('#reading'), { polling: 50 });
    const seconds = (performance.now() - start) / 1000;
    // Observers are told of a long task after it has ended.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const longest = await page.evaluate(() => globalThis.longest);
    await page.evaluate(() => (globalThis.longest = 0));
    for (const head of await page.$$('.sign-ins__head button')) await head.evaluate((button) => button.click());
    await page.type('.sign-ins input', 'user');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const sorted = await page.evaluate(() => globalThis.longest);
    const speed = statSync(file).size / 1e6 / seconds;
    return { seconds, speed, first, longest, sorted, memory: await peakMemory(page) };
  });
}
