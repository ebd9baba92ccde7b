// Serves one folder on 127.0.0.1.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** What was packed, by its file: packing takes seconds, and each measured load has a server of its own. */
const packed = new Map();

function pack(file, body) {
  if (!packed.has(file)) packed.set(file, brotliCompressSync(body));
  return packed.get(file);
}

/**
 * Starts a server for `folder`, a file URL that ends in a slash; port 0 takes a free one.
 *
 * `log` holds every request as `{ method, path, status }`, in order of arrival. `meddle(path)` is waited for before an
 * answer, and where it gives a status, that is the answer. `cacheControl` is a header. `packs` sends what is packed
 * with brotli, as servers in the world do.
 */
export async function startServer({ folder, port = 0, meddle = () => undefined, cacheControl = 'no-store', packs = false }) {
  const log = [];
  const server = createServer(async (request, response) => {
    // Parsing resolves `..`, so the path cannot leave the folder; `%2f` is refused below.
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    const entry = { method: request.method, path: pathname, status: 200 };
    log.push(entry);
    let body;
    const status = await meddle(pathname);
    if (status) {
      entry.status = status;
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      entry.status = 405;
    } else {
      try {
        const file = fileURLToPath(new URL(`.${pathname.endsWith('/') ? `${pathname}index.html` : pathname}`, folder));
        body = await readFile(file);
        response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
        if (packs) {
          body = pack(file, body);
          response.setHeader('Content-Encoding', 'br');
        }
      } catch {
        entry.status = 404;
      }
    }
    response.statusCode = entry.status;
    response.setHeader('Cache-Control', cacheControl);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    log,
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
