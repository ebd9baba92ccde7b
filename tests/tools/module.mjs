// Makes the module in a folder, and the glue that wasm-bindgen wrote for it, small: shorter names,
// functions in another order, packed. The folder is the argument; its index.html asks for the result.
import { readFileSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ordered } from './order.mjs';
import { aligned, pack } from './pack.mjs';
import { shortened } from './shorten.mjs';

const folder = process.argv[2];
const named = (pattern) => {
  const name = readdirSync(folder).find((name) => pattern.test(name));
  if (!name) throw new Error(`${folder} holds nothing named ${pattern}`);
  return name;
};
const glueName = named(/^spnscope-web-.*\.js$/);
const name = named(/^spnscope-web-.*_bg\.wasm$/);
const { module, glue } = shortened({
  module: readFileSync(join(folder, name)),
  glue: readFileSync(join(folder, glueName), 'utf8'),
});
const small = aligned(ordered(module));
if (!WebAssembly.validate(small)) throw new Error('the reordered module is not valid');

const files = (await pack(small)).map((bytes, index) => {
  const file = name.replace('_bg.wasm', `-${index + 1}.packed`);
  writeFileSync(join(folder, file), bytes);
  return file;
});
writeFileSync(join(folder, glueName), glue);
unlinkSync(join(folder, name));

// The page asks for both. They are no modules any more: a browser must not take them for some.
const page = join(folder, 'index.html');
const html = readFileSync(page, 'utf8');
const asked = html
  .replace(/ data-wasm="([^"]*)_bg\.wasm"/, ' data-first="$1-1.packed" data-second="$1-2.packed"')
  .replace(/<link rel="preload"[^>]*_bg\.wasm"[^>]*>/, (link) =>
    files.map((file) => link.replace(name, file).replace(' type="application/wasm"', '')).join('\n'),
  );
if (asked.includes(name) || files.some((file) => asked.split(file).length !== 3)) throw new Error('index.html asks for something else');
writeFileSync(page, asked);
