// Everything one does on the page, from the first paste to the quiz, with the keyboard alone, at three sizes of
// the window. In each state that it leads to, axe finds nothing in light or dark; after each flow nothing is wider than
// the window, and the browser keeps nothing but theme and server.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { NARROW, SMALLEST, WIDE, assertAccessibleInBothThemes, inEachBrowser, press, text } from './harness.mjs';
import {
  activate, assertFits, assertOnlySettingsKept, choose, fill, headline, place, tabTo, through, unfold, verdicts,
} from './steps.mjs';

const fixture = (name) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8').trim();
const T1 = fixture('vectors/t1.b64');
const T2_AUTHENTICATE = fixture('vectors/t2-authenticate.b64');
const EVENT = fixture('imports/event-5168.txt');

/** What must be nowhere: of the messages, of the secret and what follows from it, of the user, of the event. */
const SECRETS = [
  'TlRMTVNT', '4e544c4d', '8818a44d', 'Password', 'a4f49c40', 'COMPUTER', 'Userin', 'jane', '0x5F2A1',
];

const ACCEPTED = 'Accepted';
const DENIED = 'Denied';
const count = (page, selector) => page.$$eval(selector, (found) => found.length);
const focused = (page) => page.evaluate(() => document.activeElement.id);

/** One after another in one page: each begins where the one before it has ended. */
const FLOWS = {
  'the theme is chosen': async (page, theme) => {
    await activate(page, `.theme__choice[aria-label="${theme}"]`);
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), theme.toLowerCase());
    await tabTo(page, '#paste');
  },
  'a paste gets its verdict': async (page) => {
    await fill(page, T1);
    assert.match(await headline(page), /^Denied at levels 1 and 2, unless 10\.0\.0\.100 is DCFR's own address\. The client asked for 10\.0\.0\.100/);
    assert.equal(await focused(page), 'paste');
    assert.equal((await verdicts(page))[0], ACCEPTED);
  },
  'a message is chosen, a field and its bytes are gone through': async (page) => {
    await activate(page, '.chip:nth-of-type(2)');
    assert.match(await text(page, '.field-tree'), /ServerChallenge/);
    await activate(page, '.chip:nth-of-type(3)');
    await activate(page, '.trail li:first-child button');
    assert.match(await text(page, '#layer'), /of the paste/);
    await activate(page, '.trail li:first-child button');
    await tabTo(page, '.field-tree__row');
    await press(page, 'Home', 'ArrowDown', 'Enter');
    assert.equal(await count(page, '.field-tree [aria-selected="true"]'), 1);
    await press(page, 'Escape');
    await tabTo(page, '#bytes');
    await press(page, 'Home', 'ArrowRight', 'Enter');
    assert.ok(await count(page, '.byte-view__run.is-selected'));
    await press(page, 'Escape');
    assert.equal(await count(page, '.byte-view__run.is-selected'), 0);
  },
  'a name is edited, and the edit taken back': async (page) => {
    await activate(page, 'dd.is-target-name .jump');
    await activate(page, '.inspector__head button');
    assert.equal(await focused(page), 'new-value');
    await fill(page, 'cifs/10.0.0.11');
    await press(page, 'Enter');
    assert.match(await headline(page), /^Refused before the name is checked/);
    assert.equal(await focused(page), 'inspector');
    await assertAccessibleInBothThemes(page, 'main');
    await activate(page, '.edited .button-row button:not(.button--main)');
    assert.equal(await count(page, '.edited'), 0);
  },
  'a secret proves the sign-in, and is forgotten': async (page) => {
    await tabTo(page, '#secret');
    await fill(page, 'wrong');
    await press(page, 'Enter');
    assert.match(await text(page, '.proof'), /NTProofStr does not match/);
    await fill(page, 'Password');
    await press(page, 'Enter');
    assert.match(await text(page, '.proof'), /NTProofStr valid.*MIC valid/);
    await activate(page, '.proof summary');
    await assertAccessibleInBothThemes(page, '.rail');
    await assertOnlySettingsKept(page, SECRETS);
    await activate(page, '#forget');
    assert.match(await text(page, '.proof'), /No password or NT hash was given/);
  },
  'the server is described': async (page) => {
    await activate(page, '[aria-label="Edit the addresses"]');
    assert.equal(await focused(page), 'entries');
    await press(page, 'Escape');
    assert.equal(await focused(page), 'addresses-edit', 'the focus goes back to what opened it');
    await press(page, 'Enter');
    await fill(page, 'ten');
    await press(page, 'Enter');
    assert.match(await text(page, '.editor [role=alert]'), /“ten” is not an address/);
    assert.equal(await focused(page), 'entries');
    await fill(page, '10.0.0.11');
    await press(page, 'Control+Enter');
    assert.equal(await focused(page), 'addresses-edit');
    assert.deepEqual(await verdicts(page), [ACCEPTED, DENIED, DENIED]);
    await activate(page, '[aria-label="Edit the names"]');
    await activate(page, '.editor [type=button]');
    assert.equal(await focused(page), 'names-edit');
    await tabTo(page, '#allowed');
    await fill(page, '10.0.0.100');
    await press(page, 'Enter');
    assert.deepEqual(await verdicts(page), [ACCEPTED, ACCEPTED, ACCEPTED]);
    await activate(page, '.token__remove');
    assert.deepEqual(await verdicts(page), [ACCEPTED, DENIED, DENIED]);
  },
  'a 5168 is imported, and what it tells of is cured': async (page) => {
    await activate(page, '#import summary');
    await tabTo(page, '#import-text');
    await fill(page, EVENT);
    await activate(page, '#import [type=submit]');
    assert.match(await text(page, '.import__read'), /Event 5168, line 5: cifs\/10\.0\.0\.100 was refused/);
    assert.deepEqual(await verdicts(page), [ACCEPTED, DENIED, DENIED]);
    await activate(page, '.way .button--main');
    assert.deepEqual(await verdicts(page), [ACCEPTED, ACCEPTED, ACCEPTED]);
    await activate(page, '.level--accept:nth-child(2) .level__more');
    await assertAccessibleInBothThemes(page, 'main');
    await activate(page, '.way .button:not(.copy)');
    assert.deepEqual(await verdicts(page), [ACCEPTED, DENIED, DENIED]);
  },
  'two messages are compared': async (page) => {
    await activate(page, '#compare summary');
    await tabTo(page, '#compare-choice');
    await press(page, 'ArrowDown');
    assert.match(await text(page, '.compare__table'), /MessageType/);
    await tabTo(page, '#compare-paste');
    await fill(page, T2_AUTHENTICATE);
    assert.match(await text(page, '.compare__table'), /MsvAvTargetName/);
  },
  'the message is copied without what can be cracked, and a link is made': async (page) => {
    await activate(page, '.copy-as > button');
    await choose(page, 'copy-what', 'ArrowDown');
    await choose(page, 'copy-form', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown');
    await tabTo(page, '#copy-as [type=checkbox]');
    await press(page, ' ');
    const fields = JSON.parse(await page.$eval('#copy-as pre', (pre) => pre.textContent));
    assert.equal(fields.find(({ path }) => path.endsWith('.MIC')).value, null);
    await activate(page, '#copy-as .copy');
    await page.waitForFunction(() => document.getElementById('said').textContent !== '');
    await activate(page, '#copy-as p .link');
    assert.match(await page.$$eval('#copy-as pre', (all) => all.at(-1).textContent), /#\/decode\/VGxS/);
  },
  'the rule behind an answer is shown, and Back leads to the answer': async (page) => {
    const before = page.url();
    await activate(page, '.level--deny .basis__link');
    assert.match(await page.evaluate(() => document.activeElement.id), /^rule-/);
    assert.equal(page.url(), before);
    await through(page, -1);
    assert.equal(await page.evaluate(() => document.activeElement.className), 'basis__link');
  },
  'everything that is folded is unfolded': async (page) => {
    await unfold(page);
    await assertAccessibleInBothThemes(page);
  },
  'an attack is played in the lab': async (page) => {
    await activate(page, '.masthead__place[href="#/relay"]');
    assert.equal(await place(page), 'relay');
    assert.match(await headline(page), /^The attack succeeds\. At level 0/);
    await choose(page, 'level', 'ArrowRight');
    assert.match(await headline(page), /^The attack fails\./);
    await choose(page, 'edit', 'ArrowDown');
    assert.match(await headline(page), /^The attack fails\. The target name is covered by NTProofStr/);
    await tabTo(page, '.stepper [aria-current]');
    await press(page, 'Home');
    assert.match(await text(page, '#step-h'), /^1 NEGOTIATE: passed on/);
    await activate(page, '.stepper > button:last-child');
    assert.match(await text(page, '#step-h'), /^2 CHALLENGE: passed on/);
    await assertAccessibleInBothThemes(page, 'main');
  },
  'a NAT and an attacker stand side by side': async (page) => {
    await tabTo(page, '.lab [type=checkbox]');
    await press(page, ' ');
    await choose(page, 'who', 'ArrowUp', 'ArrowUp');
    assert.match(await headline(page), /^The client is refused\./);
    const rows = await page.$$eval('.matrix--pairs tbody tr', (all) => all.map((row) => row.innerText.replace(/\s+/g, ' ').trim()));
    assert.equal(rows.at(-1), 'Level 1, 10.0.0.100 allowed, signing required works fails');
  },
  'what was played opens in Decode': async (page) => {
    await activate(page, '.lab .button-row button');
    assert.equal(await place(page), 'decode');
    assert.match(await headline(page), /^Denied at levels 1 and 2/);
  },
  'a live piece of Learn answers, and so does the quiz': async (page) => {
    await activate(page, '.masthead__place[href="#/learn"]');
    assert.equal(await place(page), 'learn');
    await choose(page, 'story-1', 'ArrowLeft');
    assert.match(await text(page, '[data-live=story]'), /Accepted/);
    await tabTo(page, '#parts-0');
    await fill(page, 'dcfr.lab.lan');
    assert.match(await text(page, '[data-live=parts]'), /Service class none/);
    await activate(page, '.quiz__answer');
    assert.match(await text(page, '.quiz__why'), /^(Right\.|Not quite\.)/);
    await activate(page, '.quiz .basis__link');
    assert.equal(await place(page), 'learn', 'a rule is shown where the reader is');
    await through(page, -1);
    await assertAccessibleInBothThemes(page);
  },
  'Back and forward lead through the places': async (page) => {
    const focused = () => page.evaluate(() => document.activeElement.id);
    await through(page, -1);
    assert.deepEqual([await place(page), await focused()], ['decode', 'main']);
    await through(page, 1);
    assert.deepEqual([await place(page), await focused()], ['learn', 'learn']);
    await activate(page, '.masthead__place[href="#/decode"]');
    assert.equal(await place(page), 'decode');
    assert.match(await headline(page), /^Denied at levels 1 and 2/);
  },
};

// What the keyboard does is the same in both themes; what axe sees is looked at in both.
const LOOKS = {
  wide: { viewport: WIDE, theme: 'Light' },
  'on a telephone': { viewport: NARROW, theme: 'Dark' },
  'at 320 pixels': { viewport: SMALLEST, theme: 'Light' },
};
for (const [size, { viewport, theme }] of Object.entries(LOOKS)) {
  inEachBrowser(`every flow by keyboard alone, ${size}`, { viewport }, async ({ page, reload }) => {
    await assertAccessibleInBothThemes(page);
    for (const [name, flow] of Object.entries(FLOWS)) {
      try {
        await flow(page, theme);
        await assertFits(page);
        await assertOnlySettingsKept(page, SECRETS);
      } catch (error) {
        throw new Error(`${name}: ${error.message}`, { cause: error });
      }
    }
    await tabTo(page, '#secret');
    await fill(page, 'Password');
    await reload();
    const typed = await page.$$eval('main input:not([type=radio], [type=checkbox]), main textarea', (fields) => fields.map(({ value }) => value));
    assert.deepEqual(typed.filter(Boolean), [], 'loading again leaves every field empty');
    await assertOnlySettingsKept(page, SECRETS);
  });
}
