// Puts functions that look alike beside each other. What compresses a module finds the like of a
// piece more cheaply where it is near: 2 % of the first load.
import { STREAMS } from '../../web/unpack.js';
import { through } from './through.mjs';
import { Reader, SECTION, number, sections, skipImport, withSections } from './wasm.mjs';

const GRAM = 4; // instructions

/** Where the order begins, by the number of the function. Of a few that were tried, the best. */
const FIRST = 2000;

/** Operands above this are told apart by what is left of them. */
const OPERANDS = 4096;
const STREAMED = 1e6;
const [BEHIND_INSTRUCTION, BEHIND_OPERAND] = [1e10, 1e11];

/**
 * What a function does, every four instructions in a row, and with what: each operand with the instruction
 * before its own, and with the operand of its kind before it. As a set of numbers.
 */
function grams({ does, operands }) {
  const found = new Set(operands);
  for (let at = 0; at + GRAM <= does.length; at += 1) {
    let gram = 0;
    for (let next = 0; next < GRAM; next += 1) gram = (gram << 8) | does[at + next];
    found.add(gram);
  }
  return found;
}

/** How much of what either of two functions does both do, from 0 to 1. */
function likeness(one, other) {
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  let shared = 0;
  for (const gram of small) if (large.has(gram)) shared += 1;
  return shared / (small.size + large.size - shared + 1);
}

/** The functions in an order in which each is followed by the one most like it that is left. */
function chain(functions) {
  const sets = functions.map(grams);
  const left = new Set(functions.keys());
  const order = [];
  for (let next = Math.min(FIRST, functions.length - 1); next !== undefined; ) {
    order.push(next);
    left.delete(next);
    let [best, most] = [undefined, -1];
    for (const other of left) {
      const like = likeness(sets[next], sets[other]);
      if (like > most) [best, most] = [other, like];
    }
    next = best;
  }
  return order;
}

/** The functions of a code section: each with its pieces, which are bytes or the index of a function called. */
function read(content) {
  const reader = new Reader(content);
  return Array.from({ length: reader.number() }, () => {
    reader.number();
    const pieces = [];
    const [does, operands, last] = [[], [], []];
    let start = reader.at;
    through(reader, {
      does: (instruction) => {
        if (instruction === 0xd2) throw new Error('ref.func is not known');
        does.push(instruction);
      },
      number: (stream, from, to, value) => {
        const operand = value % OPERANDS;
        const key = stream * OPERANDS + operand;
        operands.push(BEHIND_INSTRUCTION + (does.at(-2) ?? 0) * STREAMED + key, BEHIND_OPERAND + (last[stream] ?? 0) * STREAMED + key);
        last[stream] = operand;
        if (stream !== STREAMS.call) return;
        pieces.push(content.subarray(start, from), value);
        start = to;
      },
    });
    pieces.push(content.subarray(start, reader.at));
    return { pieces, does, operands };
  });
}

/** The module with its functions in another order. */
export function ordered(module) {
  const parts = sections(module);
  const content = (id) => parts.find((part) => part.id === id)?.content;
  const imports = new Reader(content(SECTION.import));
  let imported = 0;
  for (let left = imports.number(); left > 0; left -= 1) {
    imports.text();
    imports.text();
    if (skipImport(imports)) imported += 1;
  }
  const functions = read(content(SECTION.code));
  const order = chain(functions);
  const place = new Map(order.map((old, now) => [imported + old, imported + now]));
  const moved = (index) => place.get(index) ?? index;

  const rewritten = {
    [SECTION.function]: (reader) => {
      const types = Array.from({ length: reader.number() }, () => reader.number());
      return [...number(types.length), ...order.flatMap((old) => number(types[old]))];
    },
    [SECTION.export]: (reader) => {
      const count = reader.number();
      const items = number(count);
      for (let item = 0; item < count; item += 1) {
        const name = reader.take(reader.number());
        const kind = reader.byte();
        const index = reader.number();
        items.push(...number(name.length), ...name, kind, ...number(kind === 0 ? moved(index) : index));
      }
      return items;
    },
    [SECTION.start]: (reader) => number(moved(reader.number())),
    [SECTION.element]: (reader) => {
      const count = reader.number();
      const items = number(count);
      for (let item = 0; item < count; item += 1) {
        const form = reader.number();
        // Active, at a constant: i32.const, number, end.
        if (form !== 0 || reader.byte() !== 0x41) throw new Error('such elements are not known');
        items.push(form, 0x41, ...number(reader.number()), reader.byte());
        const length = reader.number();
        items.push(...number(length));
        for (let left = length; left > 0; left -= 1) items.push(...number(moved(reader.number())));
      }
      return items;
    },
    [SECTION.code]: () => {
      const items = [Uint8Array.from(number(functions.length))];
      for (const old of order) {
        const pieces = functions[old].pieces.map((piece) =>
          typeof piece === 'number' ? Uint8Array.from(number(moved(piece))) : piece,
        );
        const body = Buffer.concat(pieces);
        items.push(Uint8Array.from(number(body.length)), body);
      }
      return Buffer.concat(items);
    },
  };
  const others = parts.map(({ id, content }) => {
    const rewrite = rewritten[id];
    return { id, content: rewrite ? Uint8Array.from(rewrite(new Reader(content))) : content };
  });
  return withSections(module, others);
}
