// Takes pictures of the page's states into tests/e2e/shots: each wide and narrow, light and dark,
// as far as the window reaches and at full height. `ONLY=text` takes those with it in their name.
import { readFileSync } from 'node:fs';

import { NARROW, WIDE, closeBrowsers, dropFile, paste, press, settled, shot, withPage } from './harness.mjs';

const T1 = readFileSync(new URL('../fixtures/vectors/t1.b64', import.meta.url), 'utf8');
const T2 = readFileSync(new URL('../fixtures/vectors/t2-authenticate.b64', import.meta.url), 'utf8').trim();
const EVENT = readFileSync(new URL('../fixtures/imports/event-5168.txt', import.meta.url), 'utf8');
const captures = (...names) => Buffer.concat(names.map((name) => readFileSync(new URL(`../fixtures/captures/${name}.pcapng`, import.meta.url))));
const CUT = Buffer.from(T1.split('\n')[2], 'base64').subarray(0, 330).toString('base64');

// What leads to each state, in this order: `hash`, `paste`, `drop` (the bytes of a file), `click` (selectors, one after another),
// `fill` (selector and text, one after another; fields of one line are ended with Enter), `press` (keys).
const STATES = [
  { name: 'first-visit' },
  { name: 'access', hash: '#/decode/access-denied', fill: [['#access-opened', '\\\\10.0.0.100\\share'], ['#access-names', 'DCFR, dcfr.lab.lan'], ['#access-addresses', '10.0.0.11']] },
  { name: 'sample', click: ['.samples button'] },
  { name: 'pasted', paste: T1 },
  { name: 'cut', paste: CUT },
  { name: 'refused', paste: 'hello' },
  { name: 'proven', paste: T1, fill: [['#secret', 'Password']] },
  { name: 'disproven', paste: T1, fill: [['#secret', 'other']] },
  { name: 'edited', paste: T1, click: ['.inspector__head button'], fill: [['#new-value', 'cifs/10.0.0.11'], ['#secret', 'Password']] },
  { name: 'tried', paste: T1, click: ['.way .button--main', '.level--accept .level__more'] },
  { name: 'imported', paste: T1, click: ['#import summary'], fill: [['#import-text', EVENT]], press: ['Tab', 'Enter'] },
  { name: 'captured', drop: captures('smb3-wrong-password') },
  { name: 'captured-nat', drop: captures('smb3-dnat-by-ip-server-side') },
  { name: 'captured-ldap', drop: captures('ad-ldap-gss-spnego-ntlm') },
  {
    name: 'sign-ins',
    drop: captures('smb3-relayed-by-ip-client-side', 'smb3-relayed-by-ip-server-side', 'smb3-dnat-by-ip-client-side', 'smb3-wrong-password', 'smb3-direct-by-fqdn', 'http-ntlm-curl', 'impacket-spn-left-out'),
  },
  { name: 'event', paste: EVENT },
  { name: 'events', paste: readFileSync(new URL('../fixtures/imports/events.xml', import.meta.url), 'utf8') },
  { name: 'settings', paste: readFileSync(new URL('../fixtures/imports/reg-query.txt', import.meta.url), 'utf8') },
  { name: 'steps', paste: T1, click: ['.level:nth-child(2) .level__more', '.level:nth-child(3) .level__more'] },
  { name: 'rules', click: ['.foot a'] },
  { name: 'compared', paste: T1, click: ['#compare summary'], fill: [['#compare-paste', T2]] },
  { name: 'learn', hash: '#/learn' },
  { name: 'relay', hash: '#/relay' },
  { name: 'relay-rewritten', hash: '#/relay/lured-client/rewrite-target-name/1' },
  { name: 'relay-not-understood', hash: '#/relay/x' },
  { name: 'relay-signed', hash: '#/relay/lured-client/nothing/0/signing' },
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
        if (state.drop) {
          await dropFile(page, { name: 'lab.pcapng', bytes: state.drop });
          await page.waitForSelector('.levels .level');
        }
        for (const selector of state.click ?? []) await page.click(selector);
        await settled(page);
        for (const [selector, words] of state.fill ?? []) {
          await paste(page, words, selector);
          if (await page.$eval(selector, (field) => field.tagName === 'INPUT')) await press(page, 'Enter');
        }
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
