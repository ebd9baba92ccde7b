// Writes dist/spnscope.html: the whole page in one file, for computers without a network. It needs no
// server, and its policy lets it ask for nothing at all. Run after the page is built; its argument is the
// folder of the page.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

import { unpack } from '../../web/unpack.js';

const folder = process.argv[2];
const read = (file) => readFileSync(join(folder, file));
const named = (pattern) => {
  const name = readdirSync(folder).find((name) => pattern.test(name));
  if (!name) throw new Error(`${folder} holds nothing named ${pattern}`);
  return name;
};

const module = await unpack(read(named(/-1\.packed$/)), read(named(/-2\.packed$/)));
const css = read(named(/\.css$/)).toString();
const glue = resolve(folder, named(/^spnscope-web-.*\.js$/));
const script = execFileSync('esbuild', [
  'web/single.js',
  `--alias:spnscope-glue=${glue}`,
  ...['--bundle', '--minify', '--format=esm', '--legal-comments=none', '--log-level=warning'],
])
  .toString()
  .replaceAll('</script', '<\\/script');

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy =
  `default-src 'none'; connect-src 'none'; script-src ${hash(script)} 'wasm-unsafe-eval'; ` +
  `style-src ${hash(css)}; img-src data:; base-uri 'none'; form-action 'none'; ` +
  "require-trusted-types-for 'script'; trusted-types 'none'";

// Functions, since `$` in a text that is put in would stand for something.
const replaced = (html, pattern, text) => {
  if (!pattern.test(html)) throw new Error(`index.html has nothing like ${pattern}`);
  return html.replace(pattern, () => text);
};
let html = read('index.html').toString();
html = html.replace(/<link rel="(?:module)?preload"[^>]*>\s*/g, '').replace(/<script\b[^>]*><\/script>\s*/g, '');
html = replaced(html, /content="default-src 'none'[^"]*"/, `content="${policy}"`);
html = replaced(html, /<link\b[^>]*\bhref="[^"]*\.css"[^>]*>/, `<style>${css}</style>`);
html = replaced(html, /\s*<p class="foot__single">.*?<\/p>/s, '');
html = replaced(html, /\s*<meta property="og:image"[^>]*>/, '');
html = replaced(
  html,
  /<\/body>/,
  `<script type="application/octet-stream" id="module">${gzipSync(module, { level: 9 }).toString('base64')}</script>\n` +
    `<script type="module">${script}</script>\n</body>`,
);
writeFileSync(join(folder, 'spnscope.html'), html);
