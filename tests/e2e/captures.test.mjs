// Capture files: of any size, read piece by piece while the page goes on, packed, damaged, and none at all.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { before } from 'node:test';
import { gzipSync } from 'node:zlib';

import { assertAccessibleInBothThemes, dropFile, inEachBrowser, paste, settled, text } from './harness.mjs';
import { buildProgram, spnscope } from './program.mjs';

const capture = (name) => readFileSync(new URL(`../fixtures/captures/${name}`, import.meta.url));
const DIRECT = capture('smb3-direct-by-ip.pcapng');
const WRONG_PASSWORD = capture('smb3-wrong-password.pcapng');
const T1 = readFileSync(new URL('../fixtures/vectors/t1.b64', import.meta.url), 'utf8');
const MIB = 1 << 20;

/** A section of pcapng with `size` bytes of packets that carry no sign-in: UDP from one port to another. */
function bulk(size) {
  const block = (kind, ...body) => {
    const bytes = Buffer.concat(body);
    const head = Buffer.alloc(8);
    head.writeUInt32LE(kind, 0);
    head.writeUInt32LE(bytes.length + 12, 4);
    return Buffer.concat([head, bytes, head.subarray(4)]);
  };
  const section = block(0x0a0d0d0a, Buffer.from('4d3c2b1a01000000ffffffffffffffff', 'hex'));
  const link = block(1, Buffer.from('0100000000000000', 'hex'));
  const packet = Buffer.concat([
    Buffer.from('02000000000202000000000108004500', 'hex'),
    Buffer.from('05780000000040110000c0a80001c0a80002', 'hex'),
    Buffer.from('1388138805640000', 'hex'),
    Buffer.alloc(1372, 0x41),
  ]);
  const head = Buffer.alloc(20);
  head.writeUInt32LE(packet.length, 12);
  head.writeUInt32LE(packet.length, 16);
  const one = block(6, head, packet, Buffer.alloc((4 - (packet.length % 4)) % 4));
  return Buffer.concat([section, link, ...Array(Math.ceil(size / one.length)).fill(one)]);
}

/** Drops a file made of `parts`: each a Buffer, taken so many times. Nothing large passes to the browser. */
async function drop(page, name, ...parts) {
  await page.evaluate(
    (name, parts) => {
      const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const file = new File(parts.flatMap(([base64, times]) => Array(times).fill(bytes(base64))), name);
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(file);
      for (const kind of ['dragenter', 'dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
      }
    },
    name,
    parts.map(([bytes, times = 1]) => [bytes.toString('base64'), times]),
  );
}

/** What the page says while it reads, until it is done. */
const told = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const seen = [];
        new MutationObserver((_, observer) => {
          const label = document.querySelector('.paste__reading label');
          if (label && seen.at(-1) !== label.textContent) seen.push(label.textContent);
          if (!label && seen.length) {
            observer.disconnect();
            resolve(seen);
          }
        }).observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
  );

const BULK = bulk(MIB);

inEachBrowser('a capture of any size is read piece by piece, and says how far it is', async ({ page }) => {
  const seen = told(page);
  // Sections of one file: a sign-in at its start, and one behind 48 MiB.
  await drop(page, 'big.pcapng', [DIRECT], [BULK, 48], [WRONG_PASSWORD]);
  assert.match((await seen)[0], /^Reading big\.pcapng: 0\.0 of 50\.\d MB, 0 sign-ins found$/);
  await page.waitForSelector('.levels .level');
  assert.equal(await page.$eval('#paste', (field) => field.placeholder.slice(-15)), 'from big.pcapng');
  assert.match(await text(page, 'h1'), /10\.0\.0\.11/);
  assert.equal(await text(page, '.refusal'), '');
  // It is not in memory, so no link can have it in it.
  await page.click('.copy-as > button');
  await settled(page);
  assert.doesNotMatch(await text(page, '.copy-as'), /Make a link/);
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, indexedDB ? 0 : 1]), [0, 0, 0]);
});

/** A disk that is slow from the fourth slice on, so that there is time to look and to press Stop. */
const slowDisk = (page) =>
  page.evaluateOnNewDocument(() => {
    const read = FileReader.prototype.readAsArrayBuffer;
    let slices = 0;
    FileReader.prototype.readAsArrayBuffer = function (blob) {
      if (blob.size > 1e6) slices += 1;
      if (slices > 3) setTimeout(() => read.call(this, blob), 3000);
      else read.call(this, blob);
    };
  });

inEachBrowser('what was found before it is stopped stays, and it is said where that was', { before: slowDisk }, async ({ page }) => {
  await drop(page, 'big.pcapng', [DIRECT], [BULK, 200]);
  await page.waitForFunction(() => / 1 sign-in found/.test(document.querySelector('.paste__reading')?.textContent));
  await assertAccessibleInBothThemes(page, '.paste');
  await page.evaluate(() => document.querySelector('.paste__reading button').click());
  await page.waitForFunction(() => document.querySelector('.refusal').textContent !== '');
  assert.match(
    await text(page, '.refusal'),
    /^Reading was stopped at byte [\d,]+ of 209,[\d,]+\. What is shown was found before that\.$/,
  );
  assert.match(await text(page, 'h1'), /10\.0\.0\.11/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'paste');
});

inEachBrowser('what was found is shown while the rest is read, and stays when it is done', { before: slowDisk }, async ({ page }) => {
  await drop(page, 'big.pcapng', [DIRECT], [BULK, 20], [WRONG_PASSWORD]);
  await page.waitForSelector('.levels .level');
  assert.match(await text(page, '.paste__reading'), /^Reading big\.pcapng: /);
  assert.match(await text(page, 'h1'), /10\.0\.0\.11/);
  await assertAccessibleInBothThemes(page, '.paste');
  // Whoever looks closer keeps what is looked at, though more is found.
  const chosen = () => text(page, 'h1');
  await page.evaluate(() => document.querySelector('button.jump').click());
  const before = await chosen();
  await page.waitForFunction(() => !document.querySelector('#reading'));
  await page.waitForSelector('.sign-ins [data-row="1"]');
  assert.equal(await chosen(), before);
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);
});

inEachBrowser('whatever takes the place of a file ends the reading of it', async ({ page }) => {
  await drop(page, 'big.pcapng', [DIRECT], [BULK, 200]);
  await page.waitForSelector('#reading');
  await paste(page, T1);
  await page.waitForSelector('.levels .level');
  assert.match(await text(page, 'h1'), /10\.0\.0\.100/);
  assert.equal(await page.$('#reading'), null);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.match(await text(page, 'h1'), /10\.0\.0\.100/);
});

inEachBrowser('a packed capture is unpacked, and one that is damaged keeps what came before', async ({ page }) => {
  await dropFile(page, { name: 'lab.pcapng.gz', bytes: gzipSync(DIRECT) });
  await page.waitForSelector('.levels .level');
  assert.match(await text(page, 'h1'), /10\.0\.0\.11/);
  assert.equal(await text(page, '.refusal'), '');
  // Browsers do not read a second gzip file joined to the first.
  await dropFile(page, { name: 'two.pcapng.gz', bytes: Buffer.concat([gzipSync(DIRECT), gzipSync(DIRECT)]) });
  await page.waitForFunction(() => document.querySelector('.refusal').textContent !== '');
  assert.match(await text(page, '.refusal'), /could not be unpacked/);
  // What is packed may be something else.
  await dropFile(page, { name: 't1.txt.gz', bytes: gzipSync(T1) });
  await page.waitForFunction(() => document.querySelector('h1').textContent.includes('10.0.0.100'));
});

inEachBrowser('a damaged, an empty and a wrong file each get a plain sentence', async ({ page }) => {
  const refused = async () => {
    await page.waitForFunction(() => document.querySelector('.refusal').textContent !== '');
    return text(page, '.refusal');
  };
  await dropFile(page, { name: 'empty.pcapng', bytes: [] });
  assert.equal(await refused(), 'empty.pcapng is empty.');
  await drop(page, 'disk.zip', [Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(MIB)]), 5]);
  await page.waitForFunction(() => document.querySelector('.refusal').textContent.includes('disk.zip'));
  assert.match(await text(page, '.refusal'), /^disk\.zip \(5\.2 MB\) was not read\. This is a zip archive\. Unpack it first\.$/);
  await drop(page, 'server.log', [Buffer.alloc(MIB, 'GET / '), 5]);
  await page.waitForFunction(() => document.querySelector('.refusal').textContent.includes('server.log'));
  assert.match(await text(page, '.refusal'), /Texts are read up to 4 MiB, and captures of any size/);
  // Cut inside a packet: the sign-in before it is shown, and it is said that the file is cut.
  await drop(page, 'cut.pcapng', [DIRECT], [BULK, 6], [BULK.subarray(0, 5000)]);
  await page.waitForSelector('.levels .level');
  await settled(page);
  assert.match(await text(page, '.paste__remark'), /The file ends inside a packet or block/);
});

const LAB = readdirSync(new URL('../fixtures/captures/', import.meta.url)).filter((name) => /\.pcap(ng)?$/.test(name));
before(buildProgram);

/** What the command line reports on a capture of the lab, and what it says of the parts that it could not read. */
function reported(name) {
  const { stdout, stderr } = spnscope('decode', '--format', 'json', `tests/fixtures/captures/${name}`);
  return { report: stdout, remark: stderr.replace(/^spnscope: /, '').trim() };
}

inEachBrowser('of each capture of the lab the page has the report of the command line, to the letter', async ({ page }) => {
  assert.ok(LAB.length > 50);
  await page.evaluate(() => {
    const clipboard = { writeText: async (words) => { globalThis.copied = words; } };
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
  });
  const unjudged = [];
  for (const name of LAB) {
    await page.evaluate(() => { globalThis.copied = null; });
    await dropFile(page, { name, bytes: capture(name) });
    await page.waitForFunction((name) => document.getElementById('paste').placeholder.endsWith(`from ${name}`), {}, name);
    await settled(page);
    const { report, remark } = reported(name);
    if (JSON.parse(report).exchanges.every(({ decisions }) => decisions.length === 0)) {
      unjudged.push(name);
      assert.equal(await text(page, '.refusal'), remark, name);
      continue;
    }
    await page.click('.report [aria-label="Copy the report as JSON"]');
    await page.waitForFunction(() => globalThis.copied !== null);
    assert.equal(`${(await page.evaluate(() => globalThis.copied)).trimEnd()}\n`, report, name);
  }
  assert.deepEqual(unjudged, ['https-ntlm-requests-cbt.pcapng', 'smb3-snaplen-160.pcap'], 'these hold no whole sign-in');
});

inEachBrowser('a sign-in over SMB1 without extended security has no message, and its answer all the same', async ({ page }) => {
  const name = 'smb1-nt1-no-extended-security.pcap';
  await dropFile(page, { name, bytes: capture(name) });
  await page.waitForSelector('h1.headline');
  await settled(page);
  assert.match(await text(page, 'h1.headline'), /^Denied at level 2\. SMB1 without extended security has no place for a name; the capture does not say/);
  assert.match(await text(page, '.captured'), /Accepted in this capture: STATUS_SUCCESS.*10\.0\.0\.11:445/);
  assert.match(await text(page, '.paste__remark'), /carries no NTLM message, so there are no fields to show/);
  assert.equal((await page.$$('.levels .level')).length, 3);
  await assertAccessibleInBothThemes(page, 'html');
});
