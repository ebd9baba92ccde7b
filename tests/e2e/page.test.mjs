// What holds for the page whatever it shows: it starts, it is accessible, it sends nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { firstLoad } from '../tools/size.mjs';
import { NARROW, assertAccessible, inEachBrowser, text, withPage } from './harness.mjs';

inEachBrowser('starts, and loads only what the size budget counts', async ({ page, server }) => {
  assert.equal(await page.title(), 'SPNscope');
  const counted = firstLoad().map((file) => (file === 'index.html' ? '/' : `/${file}`));
  const loaded = new Set(server.log.map(({ path }) => path));
  assert.deepEqual([...loaded].filter((path) => !counted.includes(path)), []);
  assert.deepEqual(server.log.filter(({ status }) => status !== 200), []);
});

// Each leads to a request where no policy forbids it. Navigation is missing: no policy can.
const ATTEMPTS = {
  fetch: () => fetch('/?fetch'),
  XMLHttpRequest: () => {
    const request = new XMLHttpRequest();
    request.open('GET', '/?xhr');
    request.send();
  },
  beacon: () => navigator.sendBeacon('/?beacon', 'x'),
  WebSocket: () => new WebSocket(location.href.replace('http', 'ws')),
  EventSource: () => new EventSource('/?events'),
  image: () => (new Image().src = '/?image'),
  'background image': () => (document.body.style.backgroundImage = 'url("/?background")'),
  audio: () => new Audio('/?audio').load(),
  font: () => new FontFace('font', 'url("/?font")').load(),
  script: () => add('script', { src: '/boot.js?script' }),
  import: () => import('/boot.js?import'),
  'style sheet': () => add('link', { rel: 'stylesheet', href: '/?style' }),
  frame: () => add('iframe', { src: '/?frame' }),
  object: () => add('object', { data: '/?object' }),
  worker: () => new Worker('/boot.js?worker'),
  form: () => add('form', { action: '/?form', method: 'post' }).submit(),
};

inEachBrowser(
  'is refused every request once it has started, even to its own origin',
  { allow: { violations: [/./], console: [/./], errors: [/./] } },
  async ({ page, server }) => {
    const before = server.log.length;
    await page.evaluate(() => {
      globalThis.add = (name, properties) => {
        const element = Object.assign(document.createElement(name), properties);
        document.body.append(element);
        return element;
      };
    });
    const silent = [];
    for (const [name, attempt] of Object.entries(ATTEMPTS)) {
      const count = await page.evaluate(() => globalThis.violations.length);
      await page.evaluate(`Promise.resolve().then(${attempt}).then(() => {}, () => {})`);
      await page
        .waitForFunction((before) => globalThis.violations.length > before, { timeout: 2000, polling: 20 }, count)
        .catch(() => silent.push(name));
    }
    assert.deepEqual(silent, [], 'no policy was reported to have stopped these');
    assert.deepEqual(server.log.slice(before), [], 'requests reached the server');
  },
);

inEachBrowser('is accessible', async ({ page }) => assertAccessible(page));
inEachBrowser('is accessible in the dark', { colorScheme: 'dark' }, async ({ page }) => assertAccessible(page));
inEachBrowser('is accessible on a telephone', { viewport: NARROW }, async ({ page }) => assertAccessible(page));

inEachBrowser('fits a telephone without scrolling sideways', { viewport: NARROW }, async ({ page }) => {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `the page is ${content} pixels wide, the window ${window}`);
});

inEachBrowser(
  'says so in the page when WebAssembly does not start',
  {
    starts: false,
    allow: { console: [/could not start/] },
    before: (page) =>
      page.evaluateOnNewDocument(() => {
        WebAssembly.instantiate = WebAssembly.instantiateStreaming = async () => {
          throw new Error('switched off');
        };
      }),
  },
  async ({ page }) => {
    await page.waitForSelector('[role=alert]');
    assert.match(await text(page, '[role=alert]'), /could not start/);
    assert.equal(await page.$('html[data-ready]'), null);
    await assertAccessible(page);
  },
);

test('text cannot become markup or a script where the browser knows Trusted Types (chromium)', () =>
  withPage({ allow: { violations: [/trusted-types|require-trusted-types-for/], console: [/./], errors: [/./] } }, async ({ page }) => {
    const attempts = {
      innerHTML: () => (document.body.innerHTML = '<b>x</b>'),
      'script text': () => (document.createElement('script').text = 'x'),
      'a policy': () => trustedTypes.createPolicy('x', { createHTML: (text) => text }),
    };
    for (const [name, attempt] of Object.entries(attempts)) {
      const refused = await page.evaluate(`(() => { try { (${attempt})(); } catch (error) { return error instanceof TypeError; } })()`);
      assert.equal(refused, true, name);
    }
  }));
