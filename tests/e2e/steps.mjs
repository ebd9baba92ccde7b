// What people do on the page with the keyboard, and what one looks at afterwards. For tests in which no
// mouse is there: nothing here clicks.
import assert from 'node:assert/strict';

import { press, settled, text } from './harness.mjs';

const MAX_STOPS = 200;
/** How long a busy browser may take to scroll to what has the focus, in ms. */
const SCROLLS_WITHIN = 5000;

/**
 * Goes with Tab, or Shift+Tab where it lies before, until the focus is on what `selector` finds. Every stop on
 * the way has to be in sight and to have a ring.
 */
export async function tabTo(page, selector) {
  // What follows from the step before may be drawn a frame after it, and moves what has the focus by then.
  await settled(page);
  for (let stops = 0; stops < MAX_STOPS; stops += 1) {
    let seen = await page.evaluate(look, selector, stops);
    // It may still be scrolling there.
    for (const start = performance.now(); seen.fault && performance.now() - start < SCROLLS_WITHIN; ) {
      await settled(page);
      seen = await page.evaluate(look, selector, stops);
    }
    const { there, back, fault } = seen;
    if (fault) throw new Error(`on the way to ${selector}: ${fault}`);
    if (there) return;
    if (back) await page.keyboard.down('Shift');
    await page.keyboard.press('Tab');
    if (back) await page.keyboard.up('Shift');
  }
  assert.fail(`${selector} is not reached with the keyboard`);
}

/** Runs in the page: whether the focus is there, which way to go on, and what is wrong with where it is. */
function look(selector, stops) {
  const active = document.activeElement;
  const visible = (element) => element.checkVisibility({ visibilityProperty: true });
  const wanted = [...document.querySelectorAll(selector)].find(visible);
  if (!wanted) return { fault: 'nothing like it is shown' };
  const there = active.matches(selector);
  const back = !there && active !== document.body && Boolean(active.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING);
  // Where it starts, something may have been unfolded above since. Places get the focus as a whole when they are gone to.
  if (stops === 0 || active === document.body || active.tabIndex < 0) return { there, back };
  const shown = active.closest('label') ?? active;
  const name = `${shown.tagName} ${shown.className} "${shown.textContent.trim().slice(0, 40)}"`;
  const [box] = shown.getClientRects();
  const [left, top] = [Math.max(box.left, 0), Math.max(box.top, 0)];
  const [right, bottom] = [Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)];
  if (right - left < 1 || bottom - top < 1) return { fault: `${name} has the focus out of sight` };
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  if (!shown.contains(hit)) return { fault: `${name} has the focus behind ${hit?.tagName} ${hit?.className}` };
  const ring = [active, shown].some((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
  });
  return { there, back, fault: ring ? undefined : `${name} has the focus without a ring` };
}

/** Goes to what `selector` finds and presses it. */
export async function activate(page, selector) {
  await tabTo(page, selector);
  await press(page, 'Enter');
}

/** Opens whatever can be opened in the places that `selector` finds. */
export async function unfold(page, selector = 'main') {
  await page.$$eval(selector, (places) => {
    for (const place of places) place.querySelectorAll('.level__more[aria-expanded="false"]').forEach((button) => button.click());
  });
  await settled(page);
  await page.$$eval(selector, (places) => {
    for (const place of places) place.querySelectorAll('details').forEach((details) => { details.open = true; });
  });
  await settled(page);
}

/** Chooses among radio buttons: goes to the one that is chosen, then on with these keys. */
export async function choose(page, name, ...keys) {
  await tabTo(page, `input[name="${name}"]:checked`);
  await press(page, ...keys);
}

/** Puts `words` into the field that has the focus, as pasting over everything in it does. */
export async function fill(page, words) {
  await page.evaluate((words) => {
    const field = document.activeElement;
    field.select();
    if (!document.execCommand('insertText', false, words)) throw new Error(`${field.id} took no text`);
  }, words);
  await settled(page);
}

/** Goes back or forward in the history, as the keys of the browser's own do. */
export async function through(page, pages) {
  await page.evaluate(
    async (pages) => {
      const before = location.hash;
      const event = (kind) => new Promise((resolve) => addEventListener(kind, resolve, { once: true }));
      const [went, changed] = [event('popstate'), event('hashchange')];
      history.go(pages);
      await went;
      if (location.hash !== before) await changed;
    },
    pages,
  );
  await settled(page);
}

/** The words of the verdicts at levels 0, 1 and 2. */
export const verdicts = (page) =>
  page.$$eval('.levels .level__verdict', (cards) => cards.map((card) => card.innerText.trim()));

/** Which of its places the page shows. */
export const place = (page) => page.evaluate(() => document.documentElement.dataset.place);

/** The answer of the place that is shown. */
export const headline = (page) => text(page, '[data-place=decode] h1.headline:not(.lab *), [data-place=relay] .lab h1');

/** Fails where something is wider than the window. */
export async function assertFits(page) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `the page is ${content} pixels wide, the window ${window}`);
}

/** Everything that the browser keeps for the page, wherever a page can put something. */
export function kept(page) {
  return page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory().catch(() => undefined);
    const files = [];
    for await (const name of folder?.keys() ?? []) files.push(name);
    return {
      local: { ...localStorage },
      session: { ...sessionStorage },
      cookies: document.cookie,
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      files,
      state: history.state,
      name: window.name,
    };
  });
}

const SERVER_LINE = /^(kept \d{4}-\d{2}-\d{2}|role domain-controller|(name|domain|allowed) .+|(foreign-)?address [0-9a-f.:]+|(on|off) [a-z0-9-]+)$/;

/** Fails where more is kept than the theme and the server's settings, or one of `secrets` is in them or in the address. */
export async function assertOnlySettingsKept(page, secrets) {
  const { local, ...rest } = await kept(page);
  const nothing = { session: {}, cookies: '', databases: [], caches: [], workers: 0, files: [], state: null, name: '' };
  assert.deepEqual(rest, nothing);
  const { 'spnscope.theme': theme = 'dark', 'spnscope.server': server = '', ...others } = local;
  assert.deepEqual(others, {}, 'nothing but the two is in the local storage');
  assert.match(theme, /^(light|dark)$/);
  for (const line of server.split('\n').filter(Boolean)) assert.match(line, SERVER_LINE);
  const words = `${JSON.stringify(local)} ${page.url()} ${await page.title()}`;
  for (const secret of secrets) assert.ok(!words.includes(secret), `"${secret}" is kept`);
}
