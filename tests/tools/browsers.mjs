// Where the browsers are. Run as a program it prints the Debian packages of those that are missing, of all or
// of those that it is given.
import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const KINDS = {
  chromium: {
    variable: 'CHROMIUM',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    debian: 'chromium',
  },
  firefox: { variable: 'FIREFOX', names: ['firefox-esr', 'firefox'], debian: 'firefox-esr' },
};

const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The program for `kind`, "chromium" or "firefox"; undefined where there is none. */
export function findBrowser(kind) {
  const { variable, names } = KINDS[kind];
  const named = process.env[variable];
  if (named) return isProgram(named) ? named : undefined;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const { variable } of Object.values(KINDS)) {
    const named = process.env[variable];
    if (named && !isProgram(named)) {
      console.error(`setup: ${variable}=${named} is no program.`);
      process.exit(1);
    }
  }
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(KINDS);
  const missing = wanted.filter((kind) => !findBrowser(kind));
  console.log(missing.map((kind) => KINDS[kind].debian).join(' '));
}
