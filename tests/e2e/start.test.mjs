// Before the page has started, and the page as one file.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { NARROW, WIDE, assertAccessible, go, inEachBrowser, paste, ready, settled, text } from './harness.mjs';

const T1 = readFileSync(new URL('../fixtures/vectors/t1.b64', import.meta.url), 'utf8').trim();

/** Holds the module back until `go()` is called. */
const slow = (page) =>
  page.evaluateOnNewDocument(() => {
    const held = new Promise((resolve) => (globalThis.go = resolve));
    for (const way of ['instantiate', 'instantiateStreaming']) {
      const instantiate = WebAssembly[way];
      WebAssembly[way] = async (...rest) => {
        await held;
        return instantiate(...rest);
      };
    }
  });
const places = (page) =>
  page.evaluate(() =>
    ['.masthead', '.first__title', '#paste', '.first__drop', '.first__doors', '.samples', '.first__what'].map((selector) => {
      const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
      return `${selector} ${x} ${y} ${width} ${height}`;
    }),
  );

for (const viewport of [WIDE, NARROW]) {
  inEachBrowser(
    `can be read and pasted into before it has started, and nothing jumps, ${viewport.width}`,
    { viewport, starts: false, before: slow },
    async ({ page }) => {
      assert.match(await text(page, 'h1'), /^See which server a Windows sign-in was meant for/);
      await assertAccessible(page);
      const before = await places(page);
      await page.evaluate(() => globalThis.go());
      await ready(page);
      assert.deepEqual(await places(page), before);
      assert.equal(await page.evaluate(() => document.activeElement.id), 'paste');
    },
  );
}

inEachBrowser('what was pasted before it had started is decoded', { starts: false, before: slow }, async ({ page }) => {
  await paste(page, T1);
  await page.evaluate(() => globalThis.go());
  await ready(page);
  assert.match(await text(page, '.headline'), /The client asked for 10\.0\.0\.100/);
  assert.equal((await page.$eval('#paste', (area) => area.value)).trim(), T1);
});

inEachBrowser('focus and selection stay where they were before it had started', { starts: false, before: slow }, async ({ page }) => {
  await page.$eval('#paste', (area) => {
    area.value = 'not a sign-in';
    area.focus();
    area.setSelectionRange(4, 5);
  });
  await page.evaluate(() => globalThis.go());
  await ready(page);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'paste');
  assert.deepEqual(await page.$eval('#paste', (area) => [area.value, area.selectionStart, area.selectionEnd]), ['not a sign-in', 4, 5]);
});

for (const selector of ['.theme__choice:last-child', '.samples tr:last-child button', '.foot__single a']) {
  inEachBrowser(`${selector} keeps the focus that it had before it had started`, { starts: false, before: slow }, async ({ page }) => {
    await page.focus(selector);
    await page.evaluate(() => globalThis.go());
    await ready(page);
    assert.ok(await page.$eval(selector, (one) => one === document.activeElement));
  });
}

inEachBrowser('works as one file from the disk, and asks for nothing', { file: 'spnscope.html' }, async ({ page }) => {
  await page.click('.samples button');
  await settled(page);
  assert.match(await text(page, '.headline'), /Denied at levels 1 and 2/);
  const files = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  assert.deepEqual(files.filter((name) => !/^(data|blob):/.test(name)), []);
  const policy = await page.$eval('meta[http-equiv]', (meta) => meta.content);
  assert.match(policy, /connect-src 'none'/);
  assert.doesNotMatch(policy, /'self'|unsafe-inline/);
  assert.equal(await page.$('.foot__single'), null, 'a file does not offer itself');
  await go(page, '#/relay');
  await page.waitForSelector('.lab:not([hidden] *)');
  await assertAccessible(page);
  await page.click('.lab__detail .basis__link');
  await settled(page);
  assert.match(await page.evaluate(() => document.activeElement.id), /^rule-/, 'a file may change what stands behind its #');
});

inEachBrowser('the one file is offered', { allow: { requests: [/spnscope\.html/] } }, async ({ page, server }) => {
  const [href, download] = await page.$eval('.foot__single a', (link) => [link.href, link.hasAttribute('download')]);
  assert.deepEqual([href, download], [`${server.url}spnscope.html`, true]);
  const file = await fetch(href);
  assert.equal(file.status, 200);
  await file.arrayBuffer();
});

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

inEachBrowser(
  'the policy that forbids requests does not wait for the styles',
  {
    meddle: (path) => (path.endsWith('.css') ? wait(3000) : undefined),
    before: (page) =>
      page.evaluateOnNewDocument(() => {
        const look = () => {
          const now = performance.now();
          if (document.querySelectorAll('meta[http-equiv=Content-Security-Policy]').length > 1) globalThis.policyAt ??= now;
          if (document.querySelector('link[rel=stylesheet]')?.sheet) globalThis.styleAt ??= now;
          if (!globalThis.policyAt || !globalThis.styleAt) setTimeout(look, 10);
        };
        look();
      }),
  },
  async ({ page }) => {
    const [policy, style] = await page.evaluate(() => [globalThis.policyAt, globalThis.styleAt]);
    assert.ok(policy < style - 500, `the policy came after ${policy} ms, the styles after ${style}`);
    await paste(page, T1);
    assert.match(await text(page, '.headline'), /10\.0\.0\.100/);
  },
);

const is404 = (pattern) => (path) => (pattern.test(path) ? 404 : undefined);
const FAILS = { starts: false, allow: { console: [/./], requests: [/./], errors: [/./] } };

inEachBrowser('a start that fails for want of its first script says so', { ...FAILS, meddle: is404(/boot/) }, async ({ page }) => {
  assert.equal(await page.$eval('.not-started', (one) => getComputedStyle(one).visibility), 'hidden', 'not at once');
  await page.waitForFunction(() => getComputedStyle(document.querySelector('.not-started')).visibility === 'visible');
  assert.match(await text(page, '.not-started'), /^SPNscope has not started: a file of the page is missing/);
  await assertAccessible(page);
});

inEachBrowser('a start that fails for want of the module says so', { ...FAILS, meddle: is404(/_bg\.wasm$/) }, async ({ page }) => {
  await page.waitForSelector('[role=alert]');
  assert.match(await text(page, '[role=alert]'), /could not start/);
  assert.equal(await page.$eval('.not-started', (one) => getComputedStyle(one).display), 'none');
  const policies = await page.$$eval('meta[http-equiv=Content-Security-Policy]', (all) => all.length);
  assert.equal(policies, 2, 'and may ask for nothing more');
});
