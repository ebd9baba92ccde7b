// Starts the page, then forbids it every further request. Policies add up: the one in index.html
// has to let the page's own files in, this one takes that back, even for the page's own origin.
let areForbidden = false;
const forbidRequests = () => {
  if (areForbidden) return;
  areForbidden = true;
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'";
  document.head.append(policy);
};

const alertSaying = (words) => {
  const sentence = document.createElement('p');
  sentence.setAttribute('role', 'alert');
  sentence.textContent = words;
  return sentence;
};

const sayThatItFailed = (error) => {
  console.error('SPNscope could not start:', error);
  const sentence = alertSaying(
    'SPNscope could not start, because its WebAssembly part did not load or run. Reload the page; if that does not help, try a current Firefox, Chromium, Edge or Safari.',
  );
  (document.getElementById('app') ?? document.body).replaceChildren(sentence);
  // The chapters of Learn can be read all the same.
  delete document.documentElement.dataset.place;
  document.documentElement.dataset.failed = '';
};

// A fault of the library stops its module, and the browser reports that as an error of WebAssembly.
addEventListener('error', ({ error }) => {
  if (!(error instanceof WebAssembly.RuntimeError) || document.querySelector('.stopped')) return;
  const sentence = alertSaying(
    'SPNscope stopped because of a fault of its own. Nothing was sent anywhere. Reload the page to go on.',
  );
  sentence.className = 'stopped';
  document.body.prepend(sentence);
});

/** Waits until what has been drawn is painted, and what was to be done then is done. */
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => setTimeout(resolve))));

/**
 * Starts the page: `load` brings wasm-bindgen's start function and the module, compiled, since to compile
 * is what the second policy forbids too; to run what is compiled is not.
 */
export async function start(load) {
  // Place and theme are settled before the module is there to do it.
  const root = document.documentElement;
  root.dataset.place = /^#\/?(relay|learn)\b/.exec(location.hash)?.[1] ?? 'decode';
  try {
    const theme = localStorage.getItem('spnscope.theme');
    if (theme) root.dataset.theme = theme;
  } catch {
    // A browser that keeps nothing: the system decides.
  }
  try {
    const [init, module] = await load();
    // What index.html names is asked for by now, and comes though nothing more may be asked for.
    if (document.readyState === 'loading') {
      await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
    }
    forbidRequests();
    await init({ module_or_path: module });
    // What is ready has its styles.
    if (document.readyState !== 'complete') {
      await new Promise((resolve) => addEventListener('load', resolve, { once: true }));
    }
    // The rules are many, and come when the rest is painted.
    await painted();
    root.dataset.ready = '';
  } catch (error) {
    forbidRequests();
    sayThatItFailed(error);
  }
}
