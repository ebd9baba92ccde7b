import { start } from './start.js';
import { unpack } from './unpack.js';

// The page as it is served: its files come one by one.
start(async () => {
  const { js, first, second } = document.querySelector('script[data-js]').dataset;
  const bytesOf = async (file) => {
    const answer = await fetch(file);
    if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  };
  const [app, ...packed] = await Promise.all([import(js), bytesOf(first), bytesOf(second)]);
  const pause = () => new Promise((resolve) => setTimeout(resolve));
  return [app.default, await unpack(...packed, pause)];
});
