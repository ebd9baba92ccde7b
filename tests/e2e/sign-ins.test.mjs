// What a capture shows stands first, and several sign-ins are a table.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { NARROW, assertAccessibleInBothThemes, dropFile, inEachBrowser, paste, press, settled, text } from './harness.mjs';
import { assertFits, tabTo } from './steps.mjs';

const capture = (name) => readFileSync(new URL(`../fixtures/captures/${name}`, import.meta.url));
const vector = (name) => readFileSync(new URL(`../fixtures/vectors/${name}.b64`, import.meta.url), 'utf8').trim();
/** So many sign-ins, of which each has another MIC: the same message again would be one. */
const signIns = (count, names) => Array.from({ length: count }, (_, number) => {
  const base64 = vector(`${names[number % names.length]}-authenticate`);
  return `${base64.slice(0, 100)}${String(number).padStart(4, '0')}${base64.slice(104)}\n`;
}).join('');

async function drop(page, ...names) {
  // Files of pcapng one behind the other are one file.
  await dropFile(page, { name: 'lab.pcapng', bytes: Buffer.concat(names.map((name) => capture(`${name}.pcapng`))) });
  await page.waitForSelector('.levels .level');
  await settled(page);
}

const outcomes = (page) => page.$$eval('.level__verdict', (all) => all.map((one) => one.textContent.trim()));
const chosen = (page) => page.$eval('.sign-ins__row.is-selected .sign-ins__name', (cell) => cell.textContent);

inEachBrowser('the answer in the capture stands before the simulated one', async ({ page }) => {
  await drop(page, 'smb3-wrong-password');
  const says = await text(page, '.captured');
  assert.match(says, /Refused in this capture: STATUS_LOGON_FAILURE \(0xC000006D\) ?: the user name or the password is wrong/);
  assert.match(says, /Client 10\.10\.10\.20:38012 Connected to 10\.0\.0\.11:445 Over SMB3 At 2026-11-22 01:06:00\.464 UTC Packets 10, 11, 12, 13/);
  assert.match(says, /It was refused before the server checked the name\. The answers below/);
  assert.ok(await page.$('.captured__compared.is-warning'), 'that they differ is a warning');
  assert.ok(
    await page.evaluate(() => document.querySelector('.captured').compareDocumentPosition(document.querySelector('.levels')) & 4),
    'it comes first',
  );
  assert.equal(await page.$('.sign-ins'), null, 'one sign-in is no table');
  await assertAccessibleInBothThemes(page);
  await drop(page, 'impacket-bad-mic');
  assert.match(await text(page, '.captured'), /Refused in this capture: STATUS_INVALID_PARAMETER/);
});

inEachBrowser('one click answers what hangs on the addresses, and no address is taken for granted', async ({ page }) => {
  // What is not known is typed.
  await drop(page, 'smb3-relayed-by-ip-client-side');
  assert.match(await text(page, '.question'), /Is 10\.0\.0\.100 one of DCFR's own addresses\?/);
  await page.click('.question__answers button:last-child');
  await page.waitForFunction(() => document.activeElement.id === 'entries');
  await drop(page, 'smb3-dnat-by-ip-server-side');
  assert.match(await text(page, '.question'), /asked for 10\.0\.0\.50, and its connection went to 10\.0\.0\.11\. Which of them are DCFR's own addresses\?/);
  assert.equal((await outcomes(page)).filter((verdict) => verdict.startsWith('Depends')).length, 2);
  await tabTo(page, '.question__answers button:first-child');
  await press(page, 'Enter');
  assert.deepEqual(await outcomes(page), ['Accepted', 'Denied', 'Denied']);
  assert.equal(await page.$('.question'), null);
  // It holds in this tab, for this server.
  await drop(page, 'smb3-relayed-by-ip-client-side');
  assert.deepEqual(await outcomes(page), ['Accepted', 'Denied', 'Denied']);
});

inEachBrowser('a sign-in to another service says so first, and what a relay would meet', async ({ page }) => {
  await drop(page, 'ad-ldap-gss-spnego-ntlm');
  assert.match(await text(page, 'h1'), /^This sign-in went to a directory server \(LDAP\)\. The policy is about file servers\./);
  assert.match(await text(page, '.captured'), /Accepted in this capture: LDAP result 0 .*10\.0\.0\.11:389 Over LDAP/);
  assert.equal(await page.$('.question'), null);
  assert.match(await text(page, '#relayed'), /What a relay to SMB would meet/);
  await drop(page, 'http-ntlm-curl');
  assert.ok(await page.$('#relayed a[href^="#/relay/http-relay"]'), 'the lab plays it');
});

inEachBrowser('sixty sign-ins are a table that is walked with arrows, denied first', async ({ page }) => {
  await paste(page, signIns(60, ['t1', 't2', 't3', 't4', 't5']));
  await page.waitForSelector('.sign-ins');
  assert.match(await text(page, '.sign-ins__sentence'), /^\d+ of \d+ would be denied at levels? 1/);
  assert.equal(await text(page, '.sign-ins__filter [role=status]'), '60 sign-ins');
  await assertAccessibleInBothThemes(page, '.sign-ins');
  await tabTo(page, '.sign-ins__row[tabindex="0"]');
  await press(page, 'Home');
  const first = await text(page, 'h1');
  await press(page, 'End');
  const row = () => page.evaluate(() => document.activeElement.getAttribute('aria-rowindex'));
  assert.equal(await row(), '61');
  assert.notEqual(await text(page, 'h1'), first, 'each row shows its answer');
  await press(page, 'ArrowUp', 'PageUp');
  assert.equal(await row(), '52');
  // To the answer and back to the same row.
  await press(page, 'Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'answer-headline');
  await page.click('.sign-ins__back button');
  assert.equal(await row(), '52');
  // Sorted, and the other way round.
  await page.click('.sign-ins__name button');
  assert.equal(await page.$eval('[role=columnheader].sign-ins__name', (head) => head.ariaSort ?? head.getAttribute('aria-sort')), 'ascending');
  const names = await page.$$eval('[role=gridcell].sign-ins__name', (cells) => cells.map((cell) => cell.textContent.toLowerCase()));
  assert.deepEqual(names, [...names].sort(), 'as sorted');
  await paste(page, 'ntlmv1', '#sign-ins-filter');
  assert.match(await text(page, '.sign-ins__filter [role=status]'), /^\d+ of 60 sign-ins$/);
});

inEachBrowser('of very many only what is in sight is drawn', async ({ page }) => {
  await paste(page, signIns(900, ['t1']));
  await page.waitForSelector('.sign-ins');
  assert.equal(await text(page, '.sign-ins__filter [role=status]'), '900 sign-ins');
  assert.ok((await page.$$('.sign-ins__row')).length < 250);
  await page.$eval('.sign-ins__table', (table) => { table.scrollTop = table.scrollHeight / 2; });
  await page.waitForFunction(() => {
    const box = document.querySelector('.sign-ins__table').getBoundingClientRect();
    const under = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return under?.closest('.sign-ins__row')?.getAttribute('aria-rowindex') > 300;
  });
});

inEachBrowser('one proof on two connections is said loudly', async ({ page }) => {
  await drop(page, 'smb3-relayed-by-ip-client-side', 'smb3-relayed-by-ip-server-side', 'smb3-direct-by-fqdn');
  assert.match(await text(page, '.sign-ins'), /somebody in the middle passed the sign-in on/);
  assert.equal((await page.$$('.sign-ins__passed')).length, 2);
  await page.evaluate(() => [...document.querySelectorAll('.sign-ins__row[data-row]')].find((row) => row.textContent.includes('dcfr.lab.lan')).click());
  await settled(page);
  assert.match(await chosen(page), /dcfr\.lab\.lan/);
  assert.match(await text(page, 'h1'), /Accepted at every level/);
});

inEachBrowser('on a telephone the rows are cards', { viewport: NARROW }, async ({ page }) => {
  await drop(page, 'smb3-direct-by-ip', 'smb3-dnat-by-ip-client-side', 'smb3-wrong-password');
  await assertFits(page);
  const heights = await page.$$eval('.sign-ins__row[data-row]', (rows) => rows.map((row) => row.getBoundingClientRect().height));
  assert.ok(heights.every((height) => height > 80), `${heights}`);
  // What sorts them is one select beside the filter, in place of seven heads.
  assert.equal(await page.$eval('.sign-ins__head', (head) => head.checkVisibility()), false);
  const names = () => page.$$eval('[role=gridcell].sign-ins__name', (cells) => cells.map((cell) => cell.textContent.toLowerCase()));
  const before = await names();
  const labels = await page.$$eval('.sign-ins__sort-by option', (options) => options.map((option) => option.textContent));
  assert.deepEqual(labels.slice(1, 3), ['User', 'Asked for']);
  await page.select('.sign-ins__sort-by select', '2');
  await settled(page);
  assert.deepEqual(await names(), [...before].sort());
  await assertAccessibleInBothThemes(page, '.sign-ins');
});
