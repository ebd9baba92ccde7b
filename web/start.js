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

// A link into something folded unfolds it.
const unfold = (hash) => {
  let fold = document.getElementById(hash.slice(1))?.closest('details');
  for (; fold; fold = fold.parentElement.closest('details')) fold.open = true;
};

const copy = async (button) => {
  const text = button.nextElementSibling;
  let said = 'Copied';
  try {
    await navigator.clipboard.writeText(text.textContent);
  } catch {
    getSelection().selectAllChildren(text);
    said = 'Selected, press Ctrl+C';
  }
  button.dataset.said = said;
  document.getElementById('said').textContent = said;
  setTimeout(() => delete button.dataset.said, 4000);
};

// The rule that an answer rests on is shown where it stands, below. The address stays that of the place, and in the lab
// becomes that of the setting, so that loading again leads back to it. Back leads to where the link is.
const showRule = (rule, link) => {
  const setting = document.querySelector('[data-place=relay] .lab a[href^="#/relay/"]');
  if (setting) history.replaceState(null, '', setting.hash);
  history.pushState(null, '');
  addEventListener('popstate', () => link.focus({ preventScroll: true }), { once: true });
  rule.tabIndex = -1;
  rule.focus();
  rule.scrollIntoView();
};

document.addEventListener('click', (event) => {
  const { target } = event;
  const link = target.closest('a[href^="#"]');
  if (link) {
    unfold(link.hash);
    if (link.hash.startsWith('#rule-') && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      showRule(document.getElementById(link.hash.slice(1)), link);
    }
  }
  const button = target.closest('.copy');
  if (button) copy(button);
});

/** Runs the module that `load` brings, as wasm-bindgen's start function and the module's bytes. */
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
    const [init, bytes] = await load();
    // What index.html names is asked for by now, and comes though nothing more may be asked for.
    if (document.readyState === 'loading') {
      await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
    }
    // To compile is what the second policy would forbid too; to run what is compiled is not.
    const module = await WebAssembly.compile(bytes);
    forbidRequests();
    await init({ module_or_path: module });
    // What is ready has its styles.
    if (document.readyState !== 'complete') {
      await new Promise((resolve) => addEventListener('load', resolve, { once: true }));
    }
    // The rules are many, and wait until the rest has been drawn.
    const soon = () => new Promise((resolve) => setTimeout(resolve));
    await soon();
    document.getElementById('rules')?.dispatchEvent(new Event('draw', { bubbles: true }));
    await soon();
    unfold(location.hash);
    if (location.hash.startsWith('#rule-')) document.getElementById(location.hash.slice(1))?.scrollIntoView();
    root.dataset.ready = '';
  } catch (error) {
    forbidRequests();
    sayThatItFailed(error);
  }
}
