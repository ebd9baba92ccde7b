// Gives short names to what the module and its glue call each other, in the folder that is its
// argument, and takes out the module's custom sections. wasm-bindgen's own names hold sixteen random
// hex digits each, stand in both files and are read by no one: 2 % of the first load.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Sections, and what an import is: WebAssembly core specification, 5.5.2 and 5.5.5.
const [CUSTOM, IMPORT, EXPORT] = [0, 2, 7];
const [FUNCTION, TABLE, MEMORY, GLOBAL, TAG] = [0, 1, 2, 3, 4];

class Reader {
  at = 0;
  constructor(bytes) {
    this.bytes = bytes;
  }
  byte() {
    return this.bytes[this.at++];
  }
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
  take(length) {
    return this.bytes.subarray(this.at, (this.at += length));
  }
  text() {
    return new TextDecoder().decode(this.take(this.number()));
  }
}

const number = (value) => {
  const bytes = [];
  for (; value > 0x7f; value = Math.floor(value / 0x80)) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
};

const text = (words) => {
  const bytes = new TextEncoder().encode(words);
  return [...number(bytes.length), ...bytes];
};

/** Skips what an import is, after its names. */
function skipDescription(reader) {
  const limits = () => {
    const hasMaximum = reader.number() & 1;
    reader.number();
    if (hasMaximum) reader.number();
  };
  const kind = reader.byte();
  if (kind === FUNCTION) reader.number();
  else if (kind === TABLE) (reader.byte(), limits());
  else if (kind === MEMORY) limits();
  else if (kind === GLOBAL || kind === TAG) (reader.byte(), reader.number());
  else throw new Error(`imports of kind ${kind} are not known`);
}

/** A module's bytes with other names for what it imports, from where, and what it exports. */
function renamed(bytes, rename) {
  const reader = new Reader(bytes);
  const parts = [reader.take(8)];
  while (reader.at < bytes.length) {
    const id = reader.byte();
    let content = reader.take(reader.number());
    if (id === CUSTOM) continue;
    if (id === IMPORT || id === EXPORT) {
      const section = new Reader(content);
      const count = section.number();
      const items = number(count);
      for (let item = 0; item < count; item += 1) {
        if (id === IMPORT) items.push(...text(rename(section.text())));
        items.push(...text(rename(section.text())));
        const start = section.at;
        if (id === IMPORT) skipDescription(section);
        else (section.byte(), section.number());
        items.push(...content.subarray(start, section.at));
      }
      content = Uint8Array.from(items);
    }
    parts.push(Uint8Array.from([id, ...number(content.length)]), content);
  }
  return Buffer.concat(parts);
}

const folder = process.argv[2];
const file = (end) => {
  const name = readdirSync(folder).find((name) => name.startsWith('spnscope-web-') && name.endsWith(end));
  if (!name) throw new Error(`${folder} holds no spnscope-web-…${end}`);
  return join(folder, name);
};
const [glue, module] = [file('.js'), file('_bg.wasm')];
let script = readFileSync(glue, 'utf8');
const names = new Map();
const bytes = renamed(readFileSync(module), (name) => {
  // `memory` and `main` are words that the glue uses otherwise too; some exports it does not use.
  if (!/^(__|wasm_bindgen_|\.\/)/.test(name) || !script.includes(name)) return name;
  if (!names.has(name)) names.set(name, `$${names.size.toString(36)}`);
  return names.get(name);
});
// The longest first: one name may begin as another does.
for (const [name, short] of [...names].sort(([one], [other]) => other.length - one.length)) {
  script = script.replaceAll(name, () => short);
}
writeFileSync(glue, script);
writeFileSync(module, bytes);
