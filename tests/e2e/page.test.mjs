// What holds for the page whatever it shows: it starts, it is accessible, it sends nothing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { firstLoad } from '../tools/size.mjs';
import { assertAccessible, inEachBrowser, text, withPage } from './harness.mjs';

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
  ping: () => add('a', { href: '#main', ping: '/?ping' }).click(),
  track: () => {
    add('video', {}).append(Object.assign(document.createElement('track'), { src: '/?track', default: true }));
    document.querySelector('track').track.mode = 'showing';
  },
};
/** What Firefox does not do at all. */
const CHROMIUM_ONLY = ['ping'];

inEachBrowser(
  'is refused every request once it has started, even to its own origin',
  { allow: { violations: [/./], console: [/./], errors: [/./] } },
  async ({ page, server, browser }) => {
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
      if (browser === 'firefox' && CHROMIUM_ONLY.includes(name)) continue;
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

const directives = (policy) => Object.fromEntries(policy.split(';').map((one) => one.trim().split(' ')).map(([name, ...sources]) => [name, sources.join(' ')]));
const AT_FIRST = {
  'default-src': "'none'", 'script-src': "'self' 'wasm-unsafe-eval'", 'style-src': "'self'", 'img-src': 'data:', 'connect-src': "'self'",
  'base-uri': "'none'", 'form-action': "'none'", 'require-trusted-types-for': "'script'", 'trusted-types': "'none'",
};
const FROM_THEN_ON = { 'default-src': "'none'", 'img-src': 'data:', 'base-uri': "'none'", 'form-action': "'none'" };

inEachBrowser('has just these policies, and nothing in it that they would have to make an exception for', async ({ page }) => {
  const policies = await page.$$eval('meta[http-equiv=Content-Security-Policy]', (all) => all.map(({ content }) => content));
  assert.deepEqual(policies.map(directives), [AT_FIRST, FROM_THEN_ON]);
  assert.equal(await page.$eval('meta[name=referrer]', ({ content }) => content), 'no-referrer');
  const html = readFileSync(new URL('../../dist/index.html', import.meta.url), 'utf8');
  assert.ok(html.indexOf('Content-Security-Policy') < html.search(/<(link|script|style)\b/), 'the policy comes before what it is for');
  assert.doesNotMatch(html, /\son[a-z]+=|\sstyle=|<style|<script(?![^>]*\ssrc=)|<(base|iframe|object|embed|form)\b/);
  const elsewhere = [...html.matchAll(/<(\w+)[^>]*\s(?:src|href|data|action|poster)="(?:[a-z]+:)?\/\/[^"]*"/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(elsewhere)], ['a'], 'only links lead elsewhere');
});

test('as one file, it is allowed nothing but what stands in it', () => {
  const html = readFileSync(new URL('../../dist/spnscope.html', import.meta.url), 'utf8');
  const { 'script-src': script, 'style-src': style, ...others } = directives(html.match(/Content-Security-Policy" content="([^"]*)"/)[1]);
  assert.match(script, /^'sha256-[A-Za-z0-9+/]{43}=' 'wasm-unsafe-eval'$/);
  assert.match(style, /^'sha256-[A-Za-z0-9+/]{43}='$/);
  const { 'script-src': _, 'style-src': __, ...expected } = AT_FIRST;
  assert.deepEqual(others, { ...expected, 'connect-src': "'none'" });
});
