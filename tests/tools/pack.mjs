// Packs a module for web/unpack.js. Brotli makes 16 % less of it than of the module as it is.
import { DATA, FIRST_PARTS, STREAM_COUNT, STREAMS, unpack } from '../../web/unpack.js';
import { through } from './through.mjs';
import { Reader, SECTION, number } from './wasm.mjs';

/** Puts the reader before the size of the first function; gives how many there are. */
function toFunctions(reader) {
  reader.take(8);
  while (reader.byte() !== SECTION.code) {
    reader.take(reader.number());
    if (reader.done) throw new Error('the module has no code');
  }
  reader.number();
  return reader.number();
}

/** The module with each access aligned as its kind is. That is a hint, and changes nothing of what is done. */
export function aligned(module) {
  const changed = Buffer.from(module);
  const reader = new Reader(changed);
  for (let left = toFunctions(reader); left > 0; left -= 1) {
    reader.number();
    through(reader, { aligned: (at, to) => (changed[at] = to) });
  }
  return changed;
}

/** The two files of a module's packed form. */
export async function pack(module) {
  const reader = new Reader(module);
  const functions = toFunctions(reader);
  const parts = Array.from({ length: STREAM_COUNT }, () => []);
  const keep = (stream, from, to) => parts[stream].push(...module.subarray(from, to));
  let last = DATA;
  const took = {
    does: (instruction) => parts[STREAMS.does].push(instruction),
    number: keep,
    bytes: keep,
    address: (value) => {
      const step = value - last;
      parts[STREAMS.address].push(...number(step < 0 ? -2 * step - 1 : 2 * step));
      last = value;
    },
  };
  const before = module.subarray(0, reader.at);
  for (let left = functions; left > 0; left -= 1) {
    reader.number();
    through(reader, took);
  }
  parts.push(before, module.subarray(reader.at));
  const bytesOf = (parts) => parts.flatMap((part) => [Uint8Array.from(number(part.length)), Uint8Array.from(part)]);
  const head = Uint8Array.from([...number(module.length), ...number(functions)]);
  const files = [[head, ...bytesOf(parts.slice(0, FIRST_PARTS))], bytesOf(parts.slice(FIRST_PARTS))].map((pieces) =>
    Buffer.concat(pieces),
  );
  // What is not the same to the last byte must not get into a page.
  if (!module.equals(await unpack(...files))) throw new Error('the packed module is another one');
  return files;
}
