// Copies of a field and of the message, and the link that holds the paste.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { assertAccessible, dropFile, go, inEachBrowser, paste, settled, text } from './harness.mjs';

const T1 = readFileSync(new URL('../fixtures/vectors/t1.b64', import.meta.url), 'utf8').trim();

const choose = async (page, label) => {
  await page.evaluate((label) => {
    const found = [...document.querySelectorAll('#copy-as label')].find((one) => one.textContent.startsWith(label));
    if (!found) throw new Error(`nothing is called ${label}`);
    found.click();
  }, label);
  await settled(page);
};
const open = async (page) => {
  await page.click('.copy-as > button');
  await settled(page);
};
const shown = (page) => page.$eval('#copy-as pre', (pre) => pre.textContent);

inEachBrowser('a field and the whole message can be copied in five forms', async ({ page }) => {
  await paste(page, T1);
  await open(page);
  assert.match(await shown(page), /^09 00 1e 00 63 00 69 00/, 'it begins with the target name');
  await choose(page, 'C array');
  assert.match(await shown(page), /^static const unsigned char MsvAvTargetName\[34\] = \{\n {4}0x09, 0x00,/);
  await choose(page, 'Whole message');
  await choose(page, 'Base64');
  assert.equal(await shown(page), T1.split('\n').at(-1));
  await choose(page, 'JSON');
  const fields = JSON.parse(await shown(page));
  assert.ok(fields.some(({ path, value }) => path.endsWith('.UserName') && value === 'User'));
  await choose(page, 'Leave out what lets someone crack the password');
  assert.equal(JSON.parse(await shown(page)).find(({ path }) => path.endsWith('.MIC')).value, null);
  await assertAccessible(page);
});

inEachBrowser('a link is made only on demand, says what it gives away, and opens', async ({ page, server }) => {
  await paste(page, T1);
  await open(page);
  assert.match(await text(page, '#copy-as'), /Whoever has the link has the sign-in/);
  assert.equal(page.url(), server.url);
  await page.click('#copy-as p .link');
  await settled(page);
  const link = await page.$$eval('#copy-as pre', (all) => all.at(-1).textContent);
  assert.ok(link.startsWith(`${server.url}#/decode/`), link);
  assert.equal(page.url(), server.url, 'the address stays');
  await go(page, '#/relay');
  await go(page, new URL(link).hash);
  await page.waitForSelector('.headline');
  assert.equal((await page.$eval('#paste', (area) => area.value)).trim(), T1);
});

const tick = async (page, words) => {
  await page.$$eval('#copy-as .check', (all, words) => all.find((one) => one.textContent.includes(words)).querySelector('input').click(), words);
  await settled(page);
};
const made = (page) => page.$$eval('#copy-as pre', (all) => all.at(-1).textContent);
const opened = async (page, link) => {
  await go(page, '#/relay');
  await go(page, new URL(link).hash);
  await page.$$eval('.lost button', (buttons) => buttons.find(({ innerText }) => innerText === 'Show it')?.click());
  await page.waitForSelector('.headline');
  await settled(page);
};

inEachBrowser('a link honours what is to be left out, and takes the server along', async ({ page }) => {
  await paste(page, T1);
  await page.click('[aria-label="Edit the addresses"]');
  await settled(page);
  await paste(page, '10.0.0.11', '#entries');
  await page.click('.editor [type="submit"]');
  await settled(page);
  const answer = await text(page, '.headline');
  await open(page);
  await page.click('#copy-as p .link');
  await settled(page);
  const whole = await made(page);
  await tick(page, 'Leave out what lets someone crack the password');
  assert.notEqual(await made(page), whole, 'a link that is shown holds what is ticked');
  assert.match(await text(page, '#copy-as'), /cannot crack the password/);
  const input = Buffer.from(new URL(await made(page)).hash.split('/')[2], 'base64url').toString().trim().split('\n');
  const before = T1.split('\n').map((line) => Buffer.from(line, 'base64'));
  const after = input.map((line) => Buffer.from(line, 'base64'));
  assert.deepEqual(after.map(({ length }) => length), before.map(({ length }) => length));
  assert.ok(after.at(-1).subarray(72, 88).every((byte) => byte === 0), 'the MIC is left out');
  await tick(page, "the server's names and addresses");
  const link = await made(page);
  assert.equal(new URL(link).hash.split('/').length, 4);
  await paste(page, 'something else');
  await opened(page, link);
  assert.equal(await text(page, '.headline'), answer, 'its reader sees the same answer');
  assert.match(await text(page, '.rail'), /10\.0\.0\.11/);
  assert.equal(await page.evaluate(() => localStorage.getItem('spnscope.server')), null, 'and keeps nothing of it');
});

inEachBrowser('the report is copied as the command line prints it, as text and as JSON', async ({ page }) => {
  await paste(page, T1);
  const take = async (form) => {
    await page.evaluate(() => {
      globalThis.copied = null;
      Object.defineProperty(navigator, 'clipboard', {
        configurable: true,
        value: { writeText: async (words) => { globalThis.copied = words; } },
      });
    });
    await page.click(`.report [aria-label="Copy the report as ${form}"]`);
    await page.waitForFunction(() => globalThis.copied !== null);
    await settled(page);
    assert.match(await text(page, '.report'), /Copied$/);
    return page.evaluate(() => globalThis.copied);
  };
  const report = JSON.parse(await take('JSON'));
  assert.equal(report.schema, 1);
  assert.deepEqual(report.exchanges[0].decisions.map(({ outcome }) => outcome), ['accept', 'deny', 'deny']);
  assert.equal(report.tokens.length, 3);
  assert.match(await take('text'), /cifs\/10\.0\.0\.100/);
  await assertAccessible(page, 'main');
});

inEachBrowser('what came with the address leaves it with the input', { hash: `#/decode/${Buffer.from(T1).toString('base64url')}` }, async ({ page, server }) => {
  assert.match(await text(page, '.headline'), /10\.0\.0\.100/);
  await paste(page, 'hello');
  assert.equal(page.url(), `${server.url}#/decode`);
});

inEachBrowser('a copy to share leaves out what Kerberos encrypts, and is offered only where something is left out', async ({ page }) => {
  const capture = readFileSync(new URL('../fixtures/captures/ad-smb3-kerberos-by-fqdn.pcapng', import.meta.url));
  await dropFile(page, { name: 'kerberos.pcapng', bytes: capture });
  await page.waitForSelector('.headline');
  await settled(page);
  await open(page);
  await choose(page, 'Whole message');
  const whole = {};
  for (const form of ['Hex', 'Text', 'JSON']) {
    await choose(page, form);
    whole[form] = await shown(page);
  }
  await choose(page, 'Leave out what lets someone crack the password: all that is encrypted in the ticket and the authenticator');
  for (const form of ['Hex', 'Text', 'JSON']) {
    await choose(page, form);
    assert.notEqual(await shown(page), whole[form], form);
  }
  await choose(page, 'Hex');
  assert.match(await shown(page), /( 00){200}.*( 00){100}/);
  await assertAccessible(page);

  await paste(page, T1.split('\n').at(0));
  await open(page).catch(() => {});
  if (!(await page.$('#copy-as pre'))) await open(page);
  assert.doesNotMatch(await text(page, '#copy-as'), /Without what a password/, 'a NEGOTIATE has nothing of the kind');
});

const OTHER = '#/decode/' + Buffer.from(T1.split('\n').at(-1)).toString('base64url');
const question = /This link has another sign-in in it/;

inEachBrowser('an address does not replace what was pasted before it has asked', async ({ page, server }) => {
  await paste(page, T1);
  const box = async () => (await page.$eval('#paste', (area) => area.value)).trim();
  const answer = async (words) => {
    await page.$$eval('.lost button', (buttons, words) => buttons.find((button) => button.innerText === words).click(), words);
    await settled(page);
  };
  await go(page, OTHER);
  assert.match(await text(page, '.lost'), question);
  assert.equal(await box(), T1);
  await assertAccessible(page);
  await answer('Keep mine');
  assert.equal(await text(page, '.lost'), '');
  assert.equal(page.url(), `${server.url}#/decode`, 'and it leaves the address');
  assert.equal(await box(), T1);
  await go(page, OTHER);
  await answer('Show it');
  assert.equal(await box(), T1.split('\n').at(-1));
  assert.equal(await text(page, '.lost'), '');
  // What came with an address is nobody's own, and a sample neither.
  await go(page, `#/decode/${Buffer.from(T1).toString('base64url')}`);
  assert.equal(await text(page, '.lost'), '');
  assert.equal(await box(), T1);
});

const LINES = 'x\n'.repeat(50_000);
inEachBrowser('a long text of an address does not get into the box', { hash: `#/decode/${Buffer.from(LINES).toString('base64url')}` }, async ({ page }) => {
  assert.equal(await page.$eval('#paste', ({ value }) => value), '');
  assert.match(await page.$eval('#paste', ({ placeholder }) => placeholder), /^99999 bytes of pasted text$/);
});
