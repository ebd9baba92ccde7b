// What a secret proves, what editing by hand breaks, and that no secret stays.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { BROWSERS, NARROW, assertAccessible, inEachBrowser, offersToSave, paste, press, settled, text, withPage } from './harness.mjs';

const T1 = readFileSync(new URL('../fixtures/vectors/t1.b64', import.meta.url), 'utf8').trim();
const T1_AUTHENTICATE = T1.split('\n').at(-1);
const NT_HASH = 'a4f49c406510bdcab6824ee7c30fd852';

const secret = async (page, words) => {
  await paste(page, words, '#secret');
  await press(page, 'Enter');
};
const verdicts = (page) => page.$$eval('.levels .level__verdict', (cards) => cards.map((card) => card.innerText.trim()));
const field = (page) => page.$eval('#secret', (input) => input.value);
const count = (page, selector) => page.$$eval(selector, (found) => found.length);
/** Changes the value that the inspector is about. */
async function change(page, value) {
  await page.click('.inspector__head button');
  await settled(page);
  await paste(page, value, '#new-value');
  await press(page, 'Enter');
}

inEachBrowser('a secret proves the sign-in, or the page says that it does not', async ({ page }) => {
  await paste(page, T1);
  assert.match(await text(page, '.prove'), /of LAB\\User/);
  for (const right of ['Password', NT_HASH, `${'0'.repeat(32)}:${NT_HASH}`]) {
    await secret(page, right);
    assert.match(await text(page, '.proof'), /NTProofStr valid.*MIC valid/);
    assert.equal(await count(page, '.proof details dd'), 7, 'the keys');
  }
  assert.match(await text(page, '.said'), /MIC Present and right/);
  await assertAccessible(page);
  await secret(page, 'password');
  assert.match(await text(page, '.proof'), /NTProofStr does not match.*received.*computed/);
  assert.ok(await count(page, '.proof mark'), 'the bytes that differ are marked');
  assert.equal(await count(page, '.proof details'), 0, 'no key of a wrong secret');
  await assertAccessible(page);
  assert.match(await text(page, '.said'), /NTLMv2, does not fit the password given.*Findings 1 error/);
  assert.match(await text(page, '#findings'), /Error NTProofStr does not match the password given\./);
  assert.match(await text(page, '.answer'), /The password given does not fit\. Forget the password to see the answer without it\./);
  await page.click('.answer .note button');
  await settled(page);
  assert.equal(await field(page), '');
  assert.doesNotMatch(await text(page, 'h1.headline'), /Refused/);
});

inEachBrowser('what is missing for a proof is said', async ({ page }) => {
  await paste(page, T1_AUTHENTICATE);
  assert.match(await text(page, '.proof'), /The CHALLENGE is missing/);
  await secret(page, 'Password');
  assert.match(await text(page, '.proof'), /NTProofStr not checked The CHALLENGE is missing/);
});

inEachBrowser('no secret stays: not in storage, not in the address, and not behind the button', async ({ page }) => {
  await paste(page, T1);
  const address = page.url();
  await secret(page, 'Password');
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state]));
  assert.doesNotMatch(kept, /Password|a4f49c/i);
  assert.equal(page.url(), address);
  const kind = await page.$eval('#secret', (input) => [input.autocomplete, input.type, input.form, getComputedStyle(input).webkitTextSecurity]);
  assert.deepEqual(kind, ['off', 'text', null, 'disc'], 'no browser saves it, and nobody reads it over a shoulder');
  await page.click('#forget');
  await settled(page);
  assert.equal(await field(page), '');
  assert.equal(await count(page, '.proof details'), 0);
  assert.match(await text(page, '.proof'), /No password or NT hash was given/);
});

// A form with a field for passwords, and a script that keeps it from being sent, is what a browser offers to save.
test('Firefox does not offer to save the secret', { skip: !BROWSERS.includes('firefox'), timeout: 120_000 }, async () => {
  const asked = async (page) => {
    for (let time = 0; time < 20; time += 1) {
      if (await offersToSave(page)) return true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
  };
  await withPage({ browser: 'firefox' }, async ({ page }) => {
    await paste(page, T1);
    await page.type('#secret', 'Password');
    await press(page, 'Enter');
    assert.match(await text(page, '.proof'), /NTProofStr valid/);
    await page.click('.prove .button--main');
    await settled(page);
    assert.equal(await asked(page), false);
  });
  await withPage({ browser: 'firefox' }, async ({ page }) => {
    await page.evaluate(() => {
      const form = document.createElement('form');
      const field = Object.assign(document.createElement('input'), { type: 'password', id: 'control' });
      form.append(field);
      form.addEventListener('submit', (event) => event.preventDefault());
      document.body.prepend(form);
    });
    await page.type('#control', 'Password');
    await press(page, 'Enter');
    assert.equal(await asked(page), true, 'this test sees what it looks for');
  });
});

/** Lets the test be the clock, keep long timers, stop all drawing, and look into the module's memory. */
const watched = (page) =>
  page.evaluateOnNewDocument(() => {
    const start = globalThis.setTimeout;
    const frame = globalThis.requestAnimationFrame.bind(globalThis);
    const { now } = Date;
    const { instantiate } = WebAssembly;
    Object.assign(globalThis, { longTimers: [], later: 0, isDrawn: true });
    globalThis.setTimeout = (act, after, ...rest) => {
      if (!(after > 60_000)) return start(act, after, ...rest);
      return globalThis.longTimers.push({ act, after });
    };
    globalThis.requestAnimationFrame = (act) => (globalThis.isDrawn ? frame(act) : 0);
    Date.now = () => now() + globalThis.later;
    WebAssembly.instantiate = async (...rest) => {
      const made = await instantiate(...rest);
      globalThis.memory = (made.instance ?? made).exports.memory;
      return made;
    };
    globalThis.turn = (hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event('visibilitychange'));
    };
  });

const LONG = `a secret of many words that nobody else has ${'x'.repeat(200)}`;
/** What is left of these texts on the page, and of them and the bytes that they write in hex in its memory. */
const left = (page, texts) =>
  page.evaluate(async (texts) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const memory = new Uint8Array(globalThis.memory.buffer);
    const holds = (bytes) => {
      for (let at = memory.indexOf(bytes[0]); at >= 0; at = memory.indexOf(bytes[0], at + 1)) {
        if (bytes.every((byte, index) => memory[at + index] === byte)) return true;
      }
      return false;
    };
    const forms = {
      utf8: (text) => new TextEncoder().encode(text),
      utf16: (text) => Uint8Array.from([...text].flatMap((letter) => [letter.charCodeAt(0), 0])),
      bytes: (text) => (/^([0-9a-f]{2})+$/.test(text) ? Uint8Array.from(text.match(/../g), (pair) => Number.parseInt(pair, 16)) : [256]),
    };
    return texts.flatMap((text, index) => [
      ...Object.entries(forms).flatMap(([form, of]) => (holds([...of(text)]) ? [`${index} ${form} in memory`] : [])),
      ...(document.body.innerText.includes(text) || document.body.textContent.includes(text) ? [`${index} on the page`] : []),
      ...([...document.querySelectorAll('input')].some(({ value }) => value === text) ? [`${index} in a field`] : []),
    ]);
  }, texts);

/** Proves, and returns the secret, its hash and the keys. */
async function proven(page, words = 'Password', hash = NT_HASH) {
  await paste(page, T1);
  await secret(page, words);
  assert.match(await text(page, '.proof'), /NTProofStr valid/);
  const keys = await page.$$eval('.proof details dd', (all) => all.map((one) => one.textContent));
  assert.equal(keys.length, 7);
  for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/);
  // The client chose a key of one digit, which other constants have too.
  return [hash, ...keys.filter((key) => !/^(.)\1*$/.test(key))];
}

inEachBrowser('a tab hidden for five minutes forgets the secret and its keys, drawn or not', { before: watched }, async ({ page }) => {
  const texts = await proven(page);
  assert.notDeepEqual(await left(page, texts), []);
  await page.evaluate(() => {
    globalThis.isDrawn = false;
    globalThis.turn(true);
  });
  assert.deepEqual(await page.evaluate(() => globalThis.longTimers.map(({ after }) => after)), [300_000]);
  assert.equal(await field(page), 'Password');
  await page.evaluate(() => globalThis.longTimers[0].act());
  assert.deepEqual(await left(page, texts), []);
  assert.equal(await field(page), '');
  await page.evaluate(() => {
    globalThis.isDrawn = true;
    globalThis.turn(false);
  });
  await settled(page);
  assert.equal(await count(page, '.proof details'), 0);
});

inEachBrowser('a secret that is forgotten leaves nothing in memory, a long one neither', { before: watched }, async ({ page }) => {
  const texts = await proven(page);
  await page.click('#forget');
  await settled(page);
  assert.deepEqual(await left(page, texts), []);
  await secret(page, LONG);
  assert.match(await text(page, '.proof'), /NTProofStr does not match/);
  await page.click('#forget');
  await settled(page);
  assert.deepEqual(await left(page, [LONG, ...texts]), []);
});

// A computer that sleeps, or a page that is frozen, stops the timer and not the clock.
inEachBrowser('five minutes of the clock count, whatever slept', { before: watched }, async ({ page }) => {
  await proven(page);
  const away = async (milliseconds) => {
    await page.evaluate((milliseconds) => {
      globalThis.turn(true);
      globalThis.later += milliseconds;
      globalThis.turn(false);
    }, milliseconds);
    await settled(page);
  };
  await away(290_000);
  assert.equal(await field(page), 'Password');
  await away(290_000);
  assert.equal(await field(page), 'Password', 'each time counts for itself');
  await away(300_000);
  assert.equal(await field(page), '');
  assert.equal(await count(page, '.proof details'), 0);
  await secret(page, 'Password');
  await away(-1000);
  assert.equal(await field(page), '', 'a clock that was put back tells nothing');
});

inEachBrowser(
  'a secret goes at once when the page is left, also where the browser keeps the page',
  { keepsPages: true, allow: { requests: [/./], console: [/favicon/], violations: [/favicon/], errors: [/favicon/] } },
  async ({ page, browser, server }) => {
    await proven(page);
    await page.evaluate(() => addEventListener('pageshow', ({ persisted }) => (globalThis.wasKept = persisted)));
    await page.goto(`${server.url}boot.js`);
    // A page that comes out of the cache loads nothing.
    await page.evaluate(() => history.back());
    await page.waitForSelector('html[data-ready]');
    await settled(page);
    if (browser === 'chromium') assert.equal(await page.evaluate(() => globalThis.wasKept), true, 'it came out of the cache');
    assert.equal(await page.$eval('body', (body) => body.querySelector('#secret')?.value ?? ''), '');
    assert.equal(await count(page, '.proof details'), 0);
    assert.doesNotMatch(await text(page, 'body'), /NTProofStr valid/);
  },
);

inEachBrowser('a name edited on the way ends at the proof, and only the client can make it fit', async ({ page }) => {
  await paste(page, T1);
  const before = await text(page, '.byte-view');
  await change(page, 'cifs/10.0.0.11');
  assert.match(await text(page, 'h1.headline'), /^Refused before the name is checked\. .*over other bytes/);
  assert.deepEqual(await verdicts(page), ['Refused earlier', 'Refused earlier', 'Refused earlier']);
  assert.match(await text(page, '.edited'), /MsvAvTargetName; .*370 bytes became 368\. NTProofStr does not match/);
  // It waits for the password, says so, and leads to where that is typed; nothing is computed without it.
  assert.match(await text(page, '.edited'), /Needs the password of LAB\\User\./);
  await page.$eval('.edited .button--main', (button) => button.click());
  await settled(page);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'secret');
  assert.deepEqual(await verdicts(page), ['Refused earlier', 'Refused earlier', 'Refused earlier']);
  assert.ok(await count(page, '.byte-view__run.is-changed'));
  assert.ok(await count(page, '.field-tree__row.is-changed'));
  await assertAccessible(page);

  await secret(page, 'wrong');
  assert.match(await text(page, '.edited'), /does not fit the response as it was captured/);
  await secret(page, 'Password');
  assert.match(await text(page, '.edited'), /received .* computed/);
  await page.click('.edited .button--main');
  await settled(page);
  assert.match(await text(page, '.edited'), /NTProofStr valid .*MIC valid/);
  assert.match(await text(page, 'h1.headline'), /10\.0\.0\.11/);
  assert.equal((await verdicts(page))[0], 'Accepted');

  await page.click('.edited .button-row button:not(.button--main)');
  await settled(page);
  assert.equal(await count(page, '.edited'), 0);
  assert.equal(await text(page, '.byte-view'), before);
});

inEachBrowser('flags, MIC and names can be edited, and what was mistyped gets a sentence', async ({ page }) => {
  await paste(page, T1);
  const choose = async (name) => {
    await page.$$eval(
      '.field-tree__row',
      (rows, name) => rows.find((row) => row.querySelector('.field-tree__label')?.innerText.trim() === name).click(),
      name,
    );
    await settled(page);
  };
  await choose('MIC');
  await change(page, '00');
  assert.match(await text(page, '.editor [role="alert"]'), /16 bytes/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'new-value', 'and the field is still there');
  await press(page, 'Escape');
  await page.$$eval('form.editor button', (buttons) => buttons.find((button) => button.innerText === 'Remove the field').click());
  await settled(page);
  assert.match(await text(page, '.said'), /MIC Announced, missing/);
  await choose('UserName');
  await change(page, 'Userin');
  assert.match(await text(page, '.said'), /LAB\\Userin/);
  await choose('NegotiateFlags');
  await change(page, '0xc2888215');
  assert.match(await text(page, '.edited'), /UserName/);
  assert.equal(await count(page, 'form.editor'), 0);
});

inEachBrowser('editing is done with the keyboard, and fits a telephone', { viewport: NARROW }, async ({ page }) => {
  await paste(page, T1);
  await page.focus('.inspector__head button');
  await press(page, 'Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'new-value');
  await press(page, 'x', 'Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'inspector', 'focus is not lost');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  await assertAccessible(page);
});

inEachBrowser('a fault that stops the module is said', async ({ page }) => {
  await page.evaluate(() => {
    const error = new WebAssembly.RuntimeError('unreachable');
    for (let time = 0; time < 2; time += 1) dispatchEvent(new ErrorEvent('error', { error }));
    dispatchEvent(new ErrorEvent('error', { error: new Error('of an extension') }));
  });
  assert.deepEqual(await page.$$eval('.stopped', (said) => said.map((one) => `${one.getAttribute('role')} ${one.innerText}`)), [
    'alert SPNscope stopped because of a fault of its own. Nothing was sent anywhere. Reload the page to go on.',
  ]);
});

inEachBrowser('a secret goes with the input that it was given for', async ({ page }) => {
  await paste(page, T1);
  await secret(page, 'other');
  assert.match(await text(page, '.headline'), /^Refused before the name is checked/);
  await paste(page, T1_AUTHENTICATE);
  assert.doesNotMatch(await text(page, '.headline'), /^Refused/);
  assert.equal(await field(page), '', 'what was typed goes too');
});
