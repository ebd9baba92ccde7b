// The page's module comes in an order that compresses better: what instructions do stands apart from
// the locals, constants, offsets and functions they do it with. Nothing is left out and nothing is
// added; `unpack` puts it together again. tests/tools/pack.mjs takes it apart, with the same walk.
//
// A packed module is two files, since brotli makes less of the like when it stands alone. The first
// begins with the module's length and how many functions it has (both LEB128). Both go on with parts,
// each a length and so many bytes: the streams below, then what stands before the first function, and
// what after the last.

const STREAMS = { does: 0, local: 1, branch: 2, locals: 3, global: 4, constant: 5, wide: 6, offset: 7, call: 8, rare: 9 };
const { does, locals, local, global, constant, wide, offset, branch, call, rare } = STREAMS;

/** How many parts are in the first file. */
export const FIRST_PARTS = 3;

/** How many streams there are. */
export const STREAM_COUNT = Object.keys(STREAMS).length;

// The streams of the first and the second operand of each instruction, NONE where it has none:
// WebAssembly core specification, 5.4.
const NONE = 255;
const FIRST = new Uint8Array(256).fill(NONE);
const SECOND = new Uint8Array(256).fill(NONE);
const operands = (from, to, first, second = NONE) => {
  FIRST.fill(first, from, to + 1);
  SECOND.fill(second, from, to + 1);
};
operands(0x02, 0x04, does); // block, loop, if
operands(0x0c, 0x0d, branch); // br, br_if
operands(0x10, 0x10, call);
operands(0x11, 0x11, rare, rare); // call_indirect
operands(0x20, 0x22, local);
operands(0x23, 0x24, global);
operands(0x25, 0x26, rare); // table.get, table.set
operands(0x28, 0x3e, does, offset); // loads and stores: how a value is aligned hangs on what is done
operands(0x3f, 0x40, rare); // memory.size, memory.grow
operands(0x41, 0x41, constant);
operands(0x42, 0x42, wide);
operands(0xd0, 0xd0, rare); // ref.null
operands(0xd2, 0xd2, rare); // ref.func

// So many operands have the instructions that begin with 0xfc.
const MORE = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

/**
 * Goes through the content of one function, without its size. `move(stream)` moves one LEB128 number
 * and returns it, `bytes(stream, count)` moves so many bytes and returns the first.
 */
export function walk(move, bytes) {
  for (let groups = move(locals); groups > 0; groups -= 1) {
    move(locals);
    bytes(locals, 1);
  }
  for (let depth = 1; depth > 0; ) {
    const instruction = bytes(does, 1);
    if (instruction >= 0x02 && instruction <= 0x04) depth += 1;
    if (instruction === 0x0b) depth -= 1;
    if (FIRST[instruction] !== NONE) move(FIRST[instruction]);
    if (SECOND[instruction] !== NONE) move(SECOND[instruction]);
    if (instruction === 0x0e) for (let more = move(branch); more >= 0; more -= 1) move(branch);
    else if (instruction === 0x1c) bytes(does, move(does));
    else if (instruction === 0x43) bytes(rare, 4);
    else if (instruction === 0x44) bytes(rare, 8);
    else if (instruction === 0xfc) for (let more = MORE[move(does)]; more > 0; more -= 1) move(rare);
    else if (instruction > 0xd2 || (instruction > 0x12 && instruction < 0x1a)) throw new Error(`instruction ${instruction} is not known`);
  }
}

/**
 * The bytes of a module, from those of its two files. It takes a while: `pause` is waited for now and then,
 * so that the page can be used meanwhile.
 */
export async function unpack(first, second, pause) {
  let at = 0;
  let packed = first;
  const number = () => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = packed[at++];
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  };
  const module = new Uint8Array(number());
  const functions = number();
  const parts = Array.from({ length: STREAM_COUNT + 2 }, (_, index) => {
    if (index === FIRST_PARTS) [packed, at] = [second, 0];
    const length = number();
    return packed.subarray(at, (at += length));
  });
  const next = parts.map(() => 0);
  let end = 0;
  const bytes = (stream, count) => {
    const first = parts[stream][next[stream]];
    for (; count > 0; count -= 1) module[end++] = parts[stream][next[stream]++];
    return first;
  };
  const move = (stream) => {
    const part = parts[stream];
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = part[next[stream]++];
      module[end++] = byte;
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  };
  const [before, after] = [STREAM_COUNT, STREAM_COUNT + 1];
  bytes(before, parts[before].length);
  for (let left = functions; left > 0; left -= 1) {
    // Its size comes first, and is known last.
    const start = end;
    walk(move, bytes);
    let size = end - start;
    const length = size < 0x80 ? 1 : size < 0x4000 ? 2 : size < 0x200000 ? 3 : 4;
    module.copyWithin(start + length, start, end);
    for (let index = 0; index < length; index += 1, size >>>= 7) {
      module[start + index] = (size & 127) | (index + 1 < length ? 128 : 0);
    }
    end += length;
    if (left % 400 === 0) await pause?.();
  }
  bytes(after, parts[after].length);
  return module;
}
