// `serve.mjs PORT` serves dist; `serve.mjs --check PORT` only says whether it could.
import { startServer } from './static-server.mjs';

const stop = (sentence) => {
  console.error(`serve: ${sentence}`);
  process.exit(1);
};

const check = process.argv[2] === '--check';
const text = process.argv[check ? 3 : 2] ?? '';
const port = Number(text);
if (!/^\d+$/.test(text) || port < 1 || port > 65535) {
  stop(`"${text}" is no port: give a number from 1 to 65535, as in \`make serve PORT=8081\`.`);
}

let server;
try {
  server = await startServer({ folder: new URL('../../dist/', import.meta.url), port });
} catch (error) {
  if (error.code === 'EADDRINUSE') {
    stop(`port ${port} is in use: choose another one, as in \`make serve PORT=${port === 65535 ? 8080 : port + 1}\`.`);
  }
  if (error.code === 'EACCES') stop(`port ${port} is reserved: choose one above 1023, as in \`make serve PORT=8081\`.`);
  stop(`port ${port} cannot be used (${error.code ?? error.message}).`);
}
if (check) {
  await server.close();
  process.exit(0);
}

const answer = await fetch(server.url);
if (!answer.ok || !(await answer.text()).includes('data-js')) {
  stop('dist holds no page: `make dist` builds it.');
}
console.log(`\nSPNscope is ready: ${server.url} (Ctrl-C stops it)`);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => process.exit(0));
}
