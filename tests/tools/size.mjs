// What a first visit loads, and what that weighs. Run as a program it prints a table, and fails where
// something got into the page that does not belong there.
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

// Bytes, compressed with brotli: a guard against accidents. Nothing is left out or shortened for size.
const GUARD = 700_000;
const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/** The files of dist that index.html loads, directly or through a module's imports. */
export function firstLoad() {
  const files = new Set(['index.html']);
  const add = (address, from) => {
    if (/^([a-z]+:|\/\/|#)/i.test(address)) return;
    const file = posix.join(posix.dirname(from), address);
    if (files.has(file)) return;
    files.add(file);
    if (!file.endsWith('.js')) return;
    const imports = readFileSync(join(DIST, file), 'utf8').matchAll(/^\s*(?:import|export)\b[^'"\n]*['"](\.[^'"]+)['"]/gm);
    for (const [, name] of imports) add(name, file);
  };
  for (const [tag] of readFileSync(join(DIST, 'index.html'), 'utf8').matchAll(/<(?:link|script|img)\b[^>]*>/g)) {
    for (const [, address] of tag.matchAll(/\s(?:href|src|data-js|data-wasm)="([^"]*)"/g)) add(address, 'index.html');
  }
  return [...files];
}

/** `{ file, raw, gzip, brotli }`, in bytes, for each of `files` of dist, and last for all together. */
export function sizes(files) {
  const rows = files.map((file) => {
    const bytes = readFileSync(join(DIST, file));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    return {
      file,
      raw: bytes.length,
      gzip: gzipSync(bytes, { level: 9 }).length,
      brotli: brotliCompressSync(bytes, { params }).length,
    };
  });
  const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
  return [...rows, { file: 'together', raw: sum('raw'), gzip: sum('gzip'), brotli: sum('brotli') }];
}

/** Prints what {@link sizes} returns. */
export function printSizes(rows) {
  const title = 'bytes of the first load';
  const width = Math.max(title.length, ...rows.map(({ file }) => file.length));
  const line = (name, ...cells) => console.log(name.padEnd(width), ...cells.map((cell) => String(cell).padStart(8)));
  line(title, 'raw', 'gzip', 'brotli');
  for (const { file, raw, gzip, brotli } of rows) line(file, raw, gzip, brotli);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  let rows;
  try {
    rows = sizes(firstLoad());
  } catch (error) {
    console.error(`size: dist holds no complete page (${error.message}): \`make dist\` builds it.`);
    process.exit(1);
  }
  printSizes(rows);
  const others = readdirSync(DIST, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(DIST, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((file) => !rows.some((row) => row.file === file));
  if (others.length) console.log(`in dist, but not loaded at the start: ${others.join(', ')}`);
  const { brotli } = rows.at(-1);
  if (brotli > GUARD) {
    console.error(`size: the first load takes ${brotli} bytes with brotli; above ${GUARD} something is wrong.`);
    process.exit(1);
  }
  console.log(`${brotli} bytes with brotli`);
}
