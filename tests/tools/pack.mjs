// Packs the module in the folder that is its argument, for web/unpack.js, and lets the page ask for
// the packed one. Brotli makes 10 % less of it
// than of the module as it is.
import { readFileSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STREAM_COUNT, unpack, walk } from '../../web/unpack.js';

const CODE = 10; // WebAssembly core specification, 5.5.2

const number = (value) => {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return [...bytes, value];
};

/** The packed form of a module's bytes. */
export function pack(module) {
  let at = 8;
  const read = () => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = module[at++];
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  };
  while (module[at++] !== CODE) {
    const length = read();
    at += length;
    if (at >= module.length) throw new Error('the module has no code');
  }
  read();
  const functions = read();
  const parts = Array.from({ length: STREAM_COUNT }, () => []);
  const bytes = (stream, count) => {
    const first = module[at];
    for (; count > 0; count -= 1) parts[stream].push(module[at++]);
    return first;
  };
  const move = (stream) => {
    const start = at;
    const value = read();
    at = start;
    do bytes(stream, 1);
    while (module[at - 1] > 127);
    return value;
  };
  const before = module.subarray(0, at);
  for (let left = functions; left > 0; left -= 1) {
    read();
    walk(move, bytes);
  }
  parts.push(before, module.subarray(at));
  const packed = [...number(module.length), ...number(functions)];
  for (const part of parts) for (const piece of [number(part.length), part]) for (const byte of piece) packed.push(byte);
  return Uint8Array.from(packed);
}

if (process.argv[2]) {
  const folder = process.argv[2];
  const name = readdirSync(folder).find((name) => /^spnscope-web-.*_bg\.wasm$/.test(name));
  if (!name) throw new Error(`${folder} holds no module`);
  const module = readFileSync(join(folder, name));
  const packed = pack(module);
  // What is not the same to the last byte must not get into a page.
  if (!module.equals(unpack(packed))) throw new Error('the packed module is another one');
  const short = name.replace('_bg.wasm', '.packed');
  writeFileSync(join(folder, short), packed);
  unlinkSync(join(folder, name));
  const page = join(folder, 'index.html');
  const html = readFileSync(page, 'utf8');
  if (!html.includes(name)) throw new Error(`index.html does not name ${name}`);
  // It is no module any more: a browser must not take it for one.
  writeFileSync(page, html.replaceAll(name, short).replace(' type="application/wasm"', ''));
}
