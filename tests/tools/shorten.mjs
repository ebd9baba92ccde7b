// Gives short names to what the module and its glue call each other, and takes out the module's custom
// sections. wasm-bindgen's own names hold sixteen random hex digits each, stand in both files and are
// read by no one: 2 % of the first load.
import { Reader, SECTION, number, sections, skipImport, text, withSections } from './wasm.mjs';

/** `{ module, glue }` with other names: bytes, and text. */
export function shortened({ module, glue }) {
  const names = new Map();
  const short = (name) => {
    // `memory` and `main` are words that the glue uses otherwise too; some exports it does not use.
    if (!/^(__|wasm_bindgen_|\.\/)/.test(name) || !glue.includes(name)) return name;
    if (!names.has(name)) names.set(name, `$${names.size.toString(36)}`);
    return names.get(name);
  };
  const renamed = sections(module)
    .filter(({ id }) => id !== SECTION.custom)
    .map(({ id, content }) => {
      if (id !== SECTION.import && id !== SECTION.export) return { id, content };
      const section = new Reader(content);
      const count = section.number();
      const items = number(count);
      for (let item = 0; item < count; item += 1) {
        if (id === SECTION.import) items.push(...text(short(section.text())));
        items.push(...text(short(section.text())));
        const start = section.at;
        if (id === SECTION.import) skipImport(section);
        else (section.byte(), section.number());
        items.push(...content.subarray(start, section.at));
      }
      return { id, content: Uint8Array.from(items) };
    });
  module = withSections(module, renamed);
  // The longest first: one name may begin as another does.
  for (const [name, other] of [...names].sort(([one], [two]) => two.length - one.length)) {
    glue = glue.replaceAll(name, () => other);
  }
  return { module, glue };
}
