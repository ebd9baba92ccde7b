import { start } from './start.js';

// The page as one file: the module stands in it, in base64.
start(async () => {
  const { default: init } = await import('spnscope-glue');
  const text = atob(document.getElementById('module').textContent);
  return [init, await WebAssembly.compile(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))];
});
