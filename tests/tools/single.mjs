// Writes dist/spnscope.html: the whole page in one file, for computers without a network. It needs no
// server, and its policy lets it ask for nothing at all. Trunk runs it after the page is built.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = process.env.TRUNK_STAGING_DIR;
if (!folder) throw new Error('TRUNK_STAGING_DIR does not say where the page is');
const read = (file) => readFileSync(join(folder, file));
const named = (pattern) => {
  const name = readdirSync(folder).find((name) => pattern.test(name));
  if (!name) throw new Error(`${folder} holds nothing named ${pattern}`);
  return name;
};

const module = read(named(/_bg\.wasm$/));
const css = read(named(/\.css$/)).toString();
const glue = resolve(folder, named(/^spnscope-web-.*\.js$/));
const script = execFileSync('tests/e2e/node_modules/.bin/esbuild', [
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
  `<script type="application/octet-stream" id="module">${module.toString('base64')}</script>\n` +
    `<script type="module">${script}</script>\n</body>`,
);
writeFileSync(join(folder, 'spnscope.html'), html);
