// The page's module comes in an order that compresses better: what instructions do stands apart from
// the locals, constants, offsets and functions they do it with, and these are sorted by what is done with
// them next. `unpack` puts it together again. tests/tools/pack.mjs takes it apart, with the same walk.
//
// A packed module is two files, since brotli makes less of the like when it stands alone. The first
// begins with the module's length and how many functions it has (both LEB128). Both go on with parts,
// each a length and so many bytes: the streams below, then what stands before the first function, and
// what after the last. Three things are shorter than in the module: a block without a result has no type,
// alignments are not there at all, and addresses are told by how far they are from the one before.

// Where several streams are named, what comes next or what is done decides; so many follow one another.
export const STREAMS = { does: 0, get: 1, set: 5, tee: 6, jump: 7, jumpIf: 8, locals: 9, global: 10, wide: 11, load: 12, store: 13, call: 14, rare: 15, constant: 16, address: 25 };
const { does, get, set, tee, jump, jumpIf, locals, global, wide, load, store, call, rare, constant, address } = STREAMS;

/** How many parts are in the first file. */
export const FIRST_PARTS = 9;

/** How many streams there are. */
export const STREAM_COUNT = 26;

/** What stands in `does` for `i32.const` with an address, and what is added to a block with a result. */
export const ADDRESS = 0xe1;
export const TYPED = 0xe0;
/** Where memory holds the module's data: from here to twice that, in bytes. */
export const DATA = 1 << 20;

/** By instruction, from `i32.load` (0x28) on: what an access is aligned to, as a power of two. */
export const ALIGNED = [2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2];

// The stream of the operand of each instruction, NONE where it has none or several:
// WebAssembly core specification, 5.4.
const NONE = 255;
const OPERAND = new Uint8Array(256).fill(NONE);
const operand = (from, to, stream) => OPERAND.fill(stream, from, to + 1);
operand(0x0c, 0x0c, jump);
operand(0x0d, 0x0d, jumpIf);
operand(0x10, 0x10, call);
operand(0x11, 0x11, rare); // call_indirect, with another behind it
operand(0x21, 0x21, set);
operand(0x22, 0x22, tee);
operand(0x23, 0x24, global);
operand(0x25, 0x26, rare); // table.get, table.set
operand(0x28, 0x35, load);
operand(0x36, 0x3e, store);
operand(0x3f, 0x40, rare); // memory.size, memory.grow
operand(0x42, 0x42, wide);
operand(0xd0, 0xd0, rare); // ref.null
operand(0xd2, 0xd2, rare); // ref.func

// By the next instruction: which of the streams of constants, and of what is got from locals.
const CONSTANT = new Uint8Array(256);
const GET = new Uint8Array(256);
[[0x10, 0x10, 1], [0x20, 0x20, 2], [0x21, 0x21, 3], [0x36, 0x3e, 4], [0x41, 0x41, 5], [ADDRESS, ADDRESS, 5], [0x45, 0x66, 6], [0x67, 0xc4, 7], [0x6a, 0x6b, 8]]
  .forEach(([from, to, which]) => CONSTANT.fill(which, from, to + 1));
[[0x20, 0x20, 1], [0x28, 0x35, 2], [0x41, 0x41, 3], [ADDRESS, ADDRESS, 3]].forEach(([from, to, which]) => GET.fill(which, from, to + 1));

// So many operands have the instructions that begin with 0xfc.
const MORE = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

/**
 * Goes through the content of one function, without its size. `does()` gives the next instruction, as it
 * stands in the stream `does`, and `next()` the one behind it; `move(stream)` moves one LEB128 number and
 * returns it, `bytes(stream, count)` moves so many bytes; `address()` moves an address, and `aligned(to)`
 * what says how an access is aligned.
 */
export function walk({ does, next, move, bytes, address, aligned }) {
  for (let groups = move(locals); groups > 0; groups -= 1) {
    move(locals);
    bytes(locals, 1);
  }
  for (let depth = 1; depth > 0; ) {
    const instruction = does();
    const kind = OPERAND[instruction];
    if (instruction === ADDRESS) address();
    else if (instruction > TYPED && instruction <= (TYPED | 0x04)) (bytes(rare, 1), (depth += 1));
    else if (instruction >= 0x02 && instruction <= 0x04) depth += 1;
    else if (instruction === 0x0b) depth -= 1;
    else if (instruction === 0x20) move(get + GET[next()]);
    else if (instruction === 0x41) move(constant + CONSTANT[next()]);
    else if (instruction === 0x0e) for (let more = move(jump); more >= 0; more -= 1) move(jump);
    else if (instruction === 0x1c) bytes(rare, move(rare));
    else if (instruction === 0x43) bytes(rare, 4);
    else if (instruction === 0x44) bytes(rare, 8);
    else if (instruction === 0xfc) for (let more = MORE[move(rare)]; more > 0; more -= 1) move(rare);
    else if (kind !== NONE) {
      if (kind === load || kind === store) aligned(ALIGNED[instruction - 0x28]);
      move(kind);
      if (instruction === 0x11) move(rare);
    } else if (instruction > 0xd2 || (instruction > 0x11 && instruction < 0x1a)) throw new Error(`instruction ${instruction} is not known`);
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
  const nexts = parts.map(() => 0);
  let end = 0;
  let last = DATA;
  const bytes = (stream, count) => {
    for (; count > 0; count -= 1) module[end++] = parts[stream][nexts[stream]++];
  };
  const read = (stream, keep) => {
    const part = parts[stream];
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = part[nexts[stream]++];
      if (keep) module[end++] = byte;
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  };
  const go = {
    does: () => {
      const instruction = parts[does][nexts[does]++];
      const isTyped = instruction > ADDRESS && instruction < 0xf0;
      module[end++] = instruction === ADDRESS ? 0x41 : isTyped ? instruction & 0x0f : instruction;
      if (instruction >= 0x02 && instruction <= 0x04) module[end++] = 0x40;
      return instruction;
    },
    next: () => parts[does][nexts[does]],
    move: (stream) => read(stream, true),
    bytes,
    address: () => {
      const step = read(address);
      last += step % 2 ? -(step + 1) / 2 : step / 2;
      // Four bytes, since the sign takes a bit.
      for (let rest = last, left = 4; left > 0; left -= 1, rest >>= 7) module[end++] = (rest & 127) | (left > 1 ? 128 : 0);
    },
    aligned: (to) => (module[end++] = to),
  };
  const [before, after] = [STREAM_COUNT, STREAM_COUNT + 1];
  bytes(before, parts[before].length);
  for (let left = functions; left > 0; left -= 1) {
    // Its size comes first, and is known last.
    const start = end;
    walk(go);
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
