// From the request for the page to the running program, over networks of different speed.
import { withPage } from '../../e2e/harness.mjs';

/** What is measured of a load, in ms where nothing else is said. */
export const LOAD = {
  paint: 'first contentful paint',
  lcp: 'largest contentful paint',
  ready: 'until the program runs',
  tbt: 'total blocking time: what of long tasks is over 50 ms',
  cls: 'cumulative layout shift (no unit)',
};

/** How fast the network is, in Mb/s, and how many times the processor is slowed down. */
export const CIRCUMSTANCES = [undefined, 9, 1.6].flatMap((megabits) => [1, 4].map((slowed) => ({ megabits, slowed })));

/** A circumstance in words. */
export function circumstance({ megabits, slowed }) {
  const network = megabits ? `${megabits} Mb/s, 40 ms there and back` : 'no limit';
  return slowed === 1 ? network : `${network}, processor slowed down ${slowed} times`;
}

/** Loads the page of the build in `dist` once; gives the times of {@link LOAD}. */
export function loadOnce(dist, { megabits, slowed }) {
  const before = async (page) => {
    if (slowed > 1) await page.emulateCPUThrottling(slowed);
    if (megabits) {
      const bytes = (megabits * 1e6) / 8; // a second
      await page.emulateNetworkConditions({ download: bytes, upload: bytes, latency: 40 });
    }
    await page.evaluateOnNewDocument(() => {
      const seen = (globalThis.seen = { paint: 0, lcp: 0, tbt: 0, cls: 0 });
      const observe = (type, each) =>
        new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
      observe('paint', ({ name, startTime }) => {
        if (name === 'first-contentful-paint') seen.paint = startTime;
      });
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
  return withPage({ browser: 'chromium', dist, packs: true, before }, async ({ page }) => {
    // What comes after the start is part of it.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return page.evaluate(() => globalThis.seen);
  });
}
