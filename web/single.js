import { start } from './start.js';

// The page as one file: the module stands in it, compressed, in base64.
start(async () => {
  const { default: init } = await import('spnscope-glue');
  const packed = Uint8Array.from(atob(document.getElementById('module').textContent), (letter) => letter.charCodeAt(0));
  const bytes = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return [init, await new Response(bytes).arrayBuffer()];
});
