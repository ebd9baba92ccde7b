// Takes pictures of the page's states into tests/e2e/shots: each wide and narrow, light and dark,
// as far as the window reaches and at full height. `ONLY=text` takes those with it in their name.
import { NARROW, WIDE, closeBrowsers, paste, press, settled, shot, withPage } from './harness.mjs';
import { T1 } from './samples.mjs';

// What leads to each state, in this order: `hash`, `paste`, `click` (selectors, one after another),
// `press` (keys).
const STATES = [
  { name: 'first-visit' },
  { name: 'decoded', paste: T1 },
];

const LOOKS = [
  ['wide-light', WIDE, 'light'],
  ['wide-dark', WIDE, 'dark'],
  ['narrow-light', NARROW, 'light'],
  ['narrow-dark', NARROW, 'dark'],
];

try {
  for (const state of STATES) {
    for (const [look, viewport, colorScheme] of LOOKS) {
      const name = `${state.name}-${look}`;
      if (!name.includes(process.env.ONLY ?? '')) continue;
      await withPage({ viewport, colorScheme, hash: state.hash }, async ({ page }) => {
        if (state.paste) await paste(page, state.paste);
        for (const selector of state.click ?? []) await page.click(selector);
        await press(page, ...(state.press ?? []));
        await settled(page);
        await shot(page, name);
        console.log(await shot(page, `${name}-full`, { fullPage: true }));
      });
    }
  }
} catch (error) {
  console.error(`shots: ${error.message}`);
  process.exitCode = 1;
} finally {
  await closeBrowsers();
}
