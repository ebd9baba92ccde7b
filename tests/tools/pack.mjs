// Packs a module for web/unpack.js. Brotli makes 12 % less of it than of the module as it is.
import { FIRST_PARTS, STREAM_COUNT, unpack, walk } from '../../web/unpack.js';
import { Reader, SECTION, number } from './wasm.mjs';

/** The two files of a module's packed form. */
export async function pack(module) {
  const reader = new Reader(module);
  reader.take(8);
  while (reader.byte() !== SECTION.code) {
    reader.take(reader.number());
    if (reader.done) throw new Error('the module has no code');
  }
  reader.number();
  const functions = reader.number();
  const parts = Array.from({ length: STREAM_COUNT }, () => []);
  const bytes = (stream, count) => {
    const taken = reader.take(count);
    parts[stream].push(...taken);
    return taken[0];
  };
  const move = (stream) => {
    const start = reader.at;
    const value = reader.number();
    parts[stream].push(...module.subarray(start, reader.at));
    return value;
  };
  const before = module.subarray(0, reader.at);
  for (let left = functions; left > 0; left -= 1) {
    reader.number();
    walk(move, bytes);
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
