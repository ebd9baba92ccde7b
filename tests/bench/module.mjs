// The library as a WebAssembly module, as compare.py asks for it: `node module.mjs node FOLDER` has it in Node,
// `node module.mjs chromium FOLDER` in headless Chromium. FOLDER has what wasm-bindgen made, for the web.
// With `once BASE64` behind the folder, Node prints the report of one message and ends.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { answerRequests, time } from './requests.mjs';

const [where, folder, once, message] = process.argv.slice(2);
const base = pathToFileURL(`${resolve(folder)}/`);

if (where === 'chromium') await inChromium();
else await inNode();

async function inNode() {
  const { initSync, report, Work } = await import(new URL('work.js', base));
  initSync({ module: readFileSync(new URL('work_bg.wasm', base)) });
  if (once) return console.log(report(Buffer.from(message), undefined));
  let work;
  await answerRequests((asked) => {
    if (asked.load) work = new Work(asked.load.join('\n'));
    else if (asked.time) return time(asked.seconds, () => work[asked.time]());
    else return report(Buffer.from(asked.report, 'base64'), asked.password ?? undefined);
  });
}

async function inChromium() {
  const { closeBrowsers, launched } = await import('../e2e/harness.mjs');
  const { startServer } = await import('../tools/static-server.mjs');
  const server = await startServer({ folder: base });
  const browser = await launched('chromium');
  const page = await browser.newPage();
  await open();
  const cdp = await browser.target().createCDPSession();

  // The page is an empty one beside the module.
  async function open() {
    await page.goto(`${server.url}page.html`);
    return page.evaluate(async () => {
      const start = performance.now();
      const module = await import('./work.js');
      await module.default();
      globalThis.module = module;
      return start;
    });
  }

  // Of all renderers, since there is one page.
  const onTheProcessor = async () => {
    const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer');
    return renderers.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };

  try {
    await answerRequests(async (asked) => {
      if (asked.load) {
        await page.evaluate((lines) => void (globalThis.work = new globalThis.module.Work(lines)), asked.load.join('\n'));
      } else if (asked.time) {
        const before = await onTheProcessor();
        const messages = await page.evaluate(
          (what, seconds) => {
            const start = performance.now();
            let messages = 0;
            while (performance.now() - start < seconds * 1000) messages += globalThis.work[what]();
            return messages;
          },
          asked.time,
          asked.seconds,
        );
        return { messages, seconds: (await onTheProcessor()) - before };
      } else if (asked.start) {
        // From an empty page to the report of one message.
        await page.goto('about:blank');
        await page.goto(`${server.url}page.html`);
        return page.evaluate(async (text) => {
          const start = performance.now();
          const module = await import('./work.js');
          await module.default();
          module.report(new TextEncoder().encode(text));
          const seconds = (performance.now() - start) / 1000;
          globalThis.module = module;
          return seconds;
        }, asked.start);
      } else {
        return page.evaluate(
          (bytes, password) => globalThis.module.report(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)), password ?? undefined),
          asked.report,
          asked.password,
        );
      }
    });
  } finally {
    await closeBrowsers();
    await server.close();
  }
}
