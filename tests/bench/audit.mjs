// Reads a capture with the library as a WebAssembly module: `node audit.mjs FOLDER FILE` prints seconds of processor time,
// the rows, and the module's memory in bytes. FOLDER has what wasm-bindgen made, for the web.
import { openSync, readFileSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const PIECE = 4 << 20;

const [folder, path] = process.argv.slice(2);
const base = pathToFileURL(`${resolve(folder)}/`);
const { initSync, Sighted } = await import(new URL('work.js', base));
const { memory } = initSync({ module: readFileSync(new URL('work_bg.wasm', base)) });
const file = openSync(path);
const piece = Buffer.alloc(PIECE);
const sighted = new Sighted();
const before = process.cpuUsage();
for (let read; (read = readSync(file, piece)) > 0;) sighted.push(piece.subarray(0, read));
const rows = sighted.finish();
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ seconds: (user + system) / 1e6, rows, memory: memory.buffer.byteLength }));
