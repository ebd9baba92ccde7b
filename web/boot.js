import { start } from './start.js';

// The page as it is served: the program is a file of its own, and Trunk says which.
start(async () => {
  const { js, wasm } = document.querySelector('script[data-js]').dataset;
  const compiled = async () => {
    const answer = await fetch(wasm);
    if (!answer.ok) throw new Error(`${wasm}: ${answer.status}`);
    return WebAssembly.compile(await answer.arrayBuffer());
  };
  const [{ default: init }, module] = await Promise.all([import(js), compiled()]);
  return [init, module];
});
