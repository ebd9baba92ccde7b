// Makes the module in a folder, and the glue that wasm-bindgen wrote for it, small: shorter names,
// functions in another order, packed. The folder is the argument; its index.html asks for the result.
import { readFileSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ordered } from './order.mjs';
import { pack } from './pack.mjs';
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
const small = ordered(module);
if (!WebAssembly.validate(small)) throw new Error('the reordered module is not valid');

const packed = name.replace('_bg.wasm', '.packed');
writeFileSync(join(folder, packed), pack(small));
writeFileSync(join(folder, glueName), glue);
unlinkSync(join(folder, name));
const page = join(folder, 'index.html');
const html = readFileSync(page, 'utf8');
if (!html.includes(name)) throw new Error(`index.html does not name ${name}`);
// It is no module any more: a browser must not take it for one.
writeFileSync(page, html.replaceAll(name, packed).replace(' type="application/wasm"', ''));
