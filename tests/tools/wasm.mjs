// Reads and writes the binary form of WebAssembly modules, as far as the build changes them.

/** Sections: WebAssembly core specification, 5.5.2. */
export const SECTION = { custom: 0, import: 2, function: 3, export: 7, start: 8, element: 9, code: 10 };

const HEADER = 8; // bytes: magic number and version

export class Reader {
  at = 0;
  constructor(bytes) {
    this.bytes = bytes;
  }
  get done() {
    return this.at >= this.bytes.length;
  }
  byte() {
    return this.bytes[this.at++];
  }
  /** A number in LEB128, without sign. */
  number() {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.byte();
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  }
  take(length) {
    return this.bytes.subarray(this.at, (this.at += length));
  }
  text() {
    return new TextDecoder().decode(this.take(this.number()));
  }
}

/** A number in LEB128, as a list of bytes. */
export function number(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return [...bytes, value];
}

/** A name, as a list of bytes. */
export function text(words) {
  const bytes = new TextEncoder().encode(words);
  return [...number(bytes.length), ...bytes];
}

/** The sections of a module, in order, as `{ id, content }`. */
export function sections(module) {
  const reader = new Reader(module);
  reader.take(HEADER);
  const found = [];
  while (!reader.done) {
    const id = reader.byte();
    found.push({ id, content: reader.take(reader.number()) });
  }
  return found;
}

/** The bytes of `module` with other sections. */
export function withSections(module, others) {
  const parts = [module.subarray(0, HEADER)];
  for (const { id, content } of others) parts.push(Uint8Array.from([id, ...number(content.length)]), content);
  return Buffer.concat(parts);
}

/** What an import is, by kind: 5.5.5. */
const [FUNCTION, TABLE, MEMORY, GLOBAL, TAG] = [0, 1, 2, 3, 4];

/** Skips what an import is, after its names; returns whether it is a function. */
export function skipImport(reader) {
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
  return kind === FUNCTION;
}
