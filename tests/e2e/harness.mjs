// Opens the built page in a browser and watches what it must not do: make requests once it has
// started, ask another origin for anything, write to the console, break its policy, throw.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import puppeteer from 'puppeteer-core';

import { findBrowser } from '../tools/browsers.mjs';
import { startServer } from '../tools/static-server.mjs';

/** The browsers that tests run in; `BROWSERS=firefox` while working on something leaves one out. */
export const BROWSERS = (process.env.BROWSERS || 'chromium,firefox').split(',');

/** The build that is tested. */
export const DIST = new URL('../../dist/', import.meta.url);

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };
export const SMALLEST = { width: 320, height: 640 };

const SHOTS = new URL('./shots/', import.meta.url);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// After so many ms one step of a test, or the whole of it, is taken to hang. Nothing is measured by them.
const TIMEOUT = 60_000;
const TEST_TIMEOUT = 10 * TIMEOUT;
// A page that does not come to rest, as while it reads a file, is not waited for longer, in ms.
const SETTLES_WITHIN = 1000;

const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Registers `run` as one test for each browser; it gets what {@link withPage} hands out. The browsers work side by side,
 * since most of the time one waits for the other end; the tests of one come one after another, as only one page has the focus.
 */
export function inEachBrowser(name, options, run) {
  if (typeof options === 'function') return inEachBrowser(name, {}, options);
  closeAtTheEnd();
  // All of a file are known once it has been read.
  if (!cases.length) queueMicrotask(register);
  cases.push({ name, options, run });
}

const cases = [];

function register() {
  describe('in each browser', { concurrency: BROWSERS.length }, () => {
    for (const browser of BROWSERS) {
      describe(browser, { concurrency: 1 }, () => {
        for (const { name, options, run } of cases) {
          test(`${name} (${browser})`, { timeout: TEST_TIMEOUT }, () => withPage({ ...options, browser }, run));
        }
      });
    }
  });
}

/**
 * Opens the page in a context of its own, waits until it is ready, runs `run`, and then fails for
 * everything the page did that it must not. Returns what `run` returns.
 *
 * Options: `browser` ("chromium", "firefox"); `viewport`; `colorScheme` ("light", "dark");
 * `reducedMotion`; `forcedColors`; `keepsPages`, for a Chromium with its back/forward cache; `meddle(path)`, which holds
 * an answer of the server back or gives a status in its place; `hash` ("#/relay"); `file`, a file of dist that is
 * opened from the disk instead of from the server; `dist`, the folder of another build; `packs` for a server that packs
 * what it sends; `before(page)`, called
 * ahead of the page's own scripts; `starts: false` for a page that is not to become ready; `allow`,
 * with lists of patterns for what the test provokes: `console`, `violations`, `errors`, `requests`.
 *
 * `run` gets `{ page, browser, server, reload }`: puppeteer's page, the browser's name, the server
 * (`url`, and `log`, which holds every request), and how to load the page again.
 */
export async function withPage(options, run) {
  const { browser: kind = 'chromium', viewport = WIDE, hash = '', allow = {} } = options;
  // No browser keeps a page that is not to be stored.
  const cacheControl = options.keepsPages ? 'no-cache' : 'no-store';
  const { dist = DIST, meddle, packs } = options;
  const server = await startServer({ folder: dist, meddle, packs, cacheControl });
  const address = (options.file ? new URL(options.file, dist).href : server.url) + hash;
  let context;
  try {
    context = await (await launched(kind, options)).createBrowserContext();
    const page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT);
    await page.setViewport(viewport);
    if (kind === 'chromium') await emulate(page, options);

    const seen = { console: [], violations: [], errors: [], requests: [] };
    await watch(page, options.file ? address.split('#')[0] : server.url, seen);
    await options.before?.(page);
    let loaded = Infinity;
    const starts = async () => {
      if (options.starts === false) return;
      await ready(page);
      loaded = server.log.length;
    };
    const collect = async () => {
      // A page that has crashed or gone elsewhere has none to tell.
      seen.violations.push(...(await page.evaluate(() => globalThis.violations ?? []).catch(() => [])));
      seen.requests.push(...server.log.slice(loaded).map(({ method, path }) => `${method} ${path}, after the start`));
    };
    const reload = async () => {
      await collect();
      loaded = Infinity;
      await page.reload({ waitUntil: 'load' });
      await starts();
    };
    let result;
    let failure;
    try {
      await page.goto(address, { waitUntil: 'load' });
      await starts();
      result = await run({ page, browser: kind, server, reload });
      await settled(page);
    } catch (error) {
      failure = error;
    }
    await collect();
    const problems = Object.entries(seen).flatMap(([what, texts]) =>
      texts
        .filter((text) => !(allow[what] ?? []).some((pattern) => pattern.test(text)))
        .map((text) => `${what}: ${text}`),
    );
    if (problems.length) {
      const sentence = `the page did what it must not:\n${problems.join('\n')}`;
      throw new Error(failure ? `${failure.message}\nand ${sentence}` : sentence, { cause: failure });
    }
    if (failure) throw failure;
    return result;
  } finally {
    await context?.close();
    await server.close();
  }
}

/** Waits until the page has started and has been drawn. */
export async function ready(page) {
  await page.waitForSelector('html[data-ready]');
  await page.waitForSelector('#app:not(.early) > main:not(.early)');
  await settled(page);
}

/** Waits until what the last input led to has been drawn: until nothing of the page changes any more for two frames. */
export async function settled(page) {
  await page.evaluate(async (within) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    let changed;
    const observer = new MutationObserver(() => { changed = true; });
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    const start = performance.now();
    do {
      changed = false;
      await frame();
      await frame();
    } while (changed && performance.now() - start < within);
    observer.disconnect();
  }, SETTLES_WITHIN);
}

/** Goes to an address of the page, as a link does. */
export async function go(page, fragment) {
  await page.evaluate(async (fragment) => {
    const before = location.hash;
    const followed = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
    location.hash = fragment;
    if (location.hash !== before) await followed;
  }, fragment);
  await settled(page);
}

/** Replaces what `selector` holds with `text`, as one pasted edit. */
export async function paste(page, text, selector = '#paste') {
  await page.$eval(
    selector,
    (field, value) => {
      field.focus();
      field.select();
      if (!value) document.execCommand('delete');
      else if (!document.execCommand('insertText', false, value)) throw new Error('the field took no text');
    },
    text,
  );
  await settled(page);
}

/** Presses keys one after another; "Shift+Tab" holds the first while pressing the second. */
export async function press(page, ...keys) {
  for (const key of keys) {
    const held = key.split(/\+(?=.)/);
    const last = held.pop();
    for (const modifier of held) await page.keyboard.down(modifier);
    await page.keyboard.press(last);
    for (const modifier of held.reverse()) await page.keyboard.up(modifier);
  }
  await settled(page);
}

/** Drops a file with these bytes (a Buffer or an array of numbers) on what `selector` finds. */
export async function dropFile(page, { name, bytes, type = '' }, selector = 'body') {
  await page.$eval(
    selector,
    (target, file) => {
      const raw = Uint8Array.from(atob(file.base64), (c) => c.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([raw], file.name, { type: file.type }));
      for (const kind of ['dragenter', 'dragover', 'drop']) {
        target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
      }
    },
    { name, type, base64: Buffer.from(bytes).toString('base64') },
  );
  await settled(page);
}

/** The text that `selector` shows, with white space collapsed. */
export async function text(page, selector) {
  return page.$eval(selector, (element) => element.innerText.replace(/\s+/g, ' ').trim());
}

/** What axe holds a page against: WCAG 2.2 A and AA. */
const WCAG = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
/** All that depends on the theme. */
const CONTRAST = { type: 'rule', values: ['color-contrast'] };

/** Fails where axe finds a violation of WCAG 2.2 A or AA; `scope` narrows it to part of the page. */
export async function assertAccessible(page, scope = 'html', rules = WCAG) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const violations = await page.evaluate(async (root, runOnly) => {
    const { violations } = await globalThis.axe.run(root, {
      runOnly,
      // In forced colours the reader's own stand against each other, and axe reads those of the page.
      rules: matchMedia('(forced-colors: active)').matches ? { 'color-contrast': { enabled: false } } : {},
      // It would ask the server for style sheets.
      preload: false,
      resultTypes: ['violations'],
    });
    return violations.map(({ id, help, nodes }) =>
      [`${id}: ${help}`, ...nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`)].join('\n'),
    );
  }, scope, rules);
  if (violations.length) throw new Error(`axe found violations:\n${violations.join('\n')}`);
}

/** The same in the theme that is shown, and in the other what can differ there. */
export async function assertAccessibleInBothThemes(page, scope) {
  await assertAccessible(page, scope);
  const theme = await page.evaluate(() => {
    const { theme } = document.documentElement.dataset;
    document.documentElement.dataset.theme = theme === 'dark' ? 'light' : 'dark';
    return theme;
  });
  await assertAccessible(page, scope, CONTRAST);
  await page.evaluate((theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  }, theme);
}

/** Saves a picture of the page, of all its height with `{ fullPage: true }`; returns its path. */
export async function shot(page, name, { fullPage = false } = {}) {
  mkdirSync(SHOTS, { recursive: true });
  const path = fileURLToPath(new URL(`${name}.png`, SHOTS));
  await page.screenshot({ path, fullPage });
  return path;
}

/** Ends the browsers; only programs that are not tests have to call it. */
export async function closeBrowsers() {
  const running = [...browsers.values()];
  browsers.clear();
  for (const browser of running) await (await browser).close();
}

const browsers = new Map();
let closing = false;

function closeAtTheEnd() {
  if (closing) return;
  closing = true;
  after(closeBrowsers);
}

/**
 * The running browser: one process for each kind, with an empty profile; contexts keep the tests apart. Firefox takes
 * from its profile what Chromium is told for each page, so it has one process for each combination.
 */
export function launched(kind, { colorScheme = 'light', reducedMotion = false, forcedColors = false, keepsPages = false } = {}) {
  const preferences = {
    'layout.css.prefers-color-scheme.content-override': colorScheme === 'dark' ? 0 : 1,
    'ui.prefersReducedMotion': reducedMotion ? 1 : 0,
    // Always the reader's colours, or those of the page.
    'browser.display.document_color_use': forcedColors ? 2 : 1,
  };
  const key = kind === 'firefox' ? JSON.stringify(preferences) : `${kind} ${keepsPages}`;
  if (!browsers.has(key)) browsers.set(key, launch(kind, preferences, keepsPages));
  return browsers.get(key);
}

function launch(kind, preferences, keepsPages) {
  const executablePath = findBrowser(kind);
  if (!executablePath) throw new Error(`there is no ${kind} here: \`make setup\` installs it`);
  if (kind === 'chromium') {
    const ignoreDefaultArgs = keepsPages ? ['--disable-back-forward-cache'] : [];
    return puppeteer.launch({ browser: 'chrome', executablePath, headless: true, args: CHROMIUM_FLAGS, ignoreDefaultArgs });
  }
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    // Tests may look into the browser's own windows.
    args: ['--remote-allow-system-access'],
    extraPrefsFirefox: { ...preferences, 'dom.events.testing.asyncClipboard': true, 'signon.rememberSignons': true },
  });
}

/** Whether Firefox offers to save a password, asked of its own windows. */
export async function offersToSave(page) {
  const { connection } = page.browser();
  const { result: tree } = await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome' });
  const asks = `typeof gBrowser === 'object' &&
    gBrowser.browsers.some((browser) => PopupNotifications.getNotification('password', browser))`;
  for (const { context } of tree.contexts) {
    const { result } = await connection.send('script.evaluate', { expression: asks, target: { context }, awaitPromise: false });
    if (result.result?.value === undefined) throw new Error(`no answer: ${JSON.stringify(result)}`);
    if (result.result.value) return true;
  }
  return false;
}

async function emulate(page, { colorScheme = 'light', reducedMotion = false, forcedColors = false }) {
  const session = await page.createCDPSession();
  await session.send('Emulation.setEmulatedMedia', {
    features: [
      { name: 'prefers-color-scheme', value: colorScheme },
      { name: 'prefers-reduced-motion', value: reducedMotion ? 'reduce' : 'no-preference' },
      { name: 'forced-colors', value: forcedColors ? 'active' : 'none' },
    ],
  });
}

async function watch(page, own, seen) {
  page.on('console', (message) => {
    if (['error', 'warn', 'warning', 'assert'].includes(message.type())) {
      seen.console.push(`${message.type()}: ${message.text()} (${message.location().url ?? 'no address'})`);
    }
  });
  page.on('pageerror', (error) => seen.errors.push(String(error?.message ?? error)));
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(own) && !/^(data|blob|about):/.test(address)) {
      seen.requests.push(`${request.method()} ${address}, another origin`);
    }
  });
  await page.evaluateOnNewDocument(() => {
    globalThis.violations = [];
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      globalThis.violations.push(`${effectiveDirective} ${blockedURI}`);
    });
  });
}
