// The way through a function of a module as it is, with the walk that also puts it together.
import { ADDRESS, DATA, TYPED, walk } from '../../web/unpack.js';

/**
 * Goes through the function that `reader` stands at, behind its size. `took` has, where it is of interest, what to
 * do with each thing: `does(instruction)`, as in the stream of that name; `number(stream, from, to, value)`, bytes
 * from `from` to `to` of the module; `bytes(stream, from, to)`; `address(value)`; `aligned(at, to)`.
 */
export function through(reader, took) {
  const { bytes: module } = reader;
  /** The number in LEB128 at `at`, with its sign, and where it ends. */
  const signed = (at) => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return { end: at, value: byte & 64 && shift < 25 ? value | (-1 << (shift + 7)) : value };
    }
  };
  const instructionAt = (at) => {
    const instruction = module[at];
    if (instruction >= 0x02 && instruction <= 0x04 && module[at + 1] !== 0x40) return instruction | TYPED;
    if (instruction === 0x41) {
      const { value } = signed(at + 1);
      if (value >= DATA && value < 2 * DATA) return ADDRESS;
    }
    return instruction;
  };
  walk({
    does: () => {
      const instruction = instructionAt(reader.at);
      reader.at += instruction >= 0x02 && instruction <= 0x04 ? 2 : 1;
      took.does?.(instruction);
      return instruction;
    },
    // Asked for before the operand is moved, which lies between.
    next: () => instructionAt(signed(reader.at).end),
    move: (stream) => {
      const from = reader.at;
      const value = reader.number();
      took.number?.(stream, from, reader.at, value);
      return value;
    },
    bytes: (stream, count) => {
      const from = reader.at;
      reader.take(count);
      took.bytes?.(stream, from, reader.at);
    },
    address: () => {
      const { end, value } = signed(reader.at);
      reader.at = end;
      took.address?.(value);
    },
    aligned: (to) => {
      took.aligned?.(reader.at, to);
      reader.at += 1;
    },
  });
}
