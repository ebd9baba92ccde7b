// How long the page takes to be there, from a paste to its verdict and through a capture, in Chromium on this machine,
// and what the first load weighs. `BESIDE="before=/folder/with/its/dist"` measures other builds in turns with this one;
// `ONLY="load paste hostile captures"` names the parts that are wanted.
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { DIST, closeBrowsers } from '../e2e/harness.mjs';
import { CAPTURE, captureOnce, withCaptures } from './measure/captures.mjs';
import { HOSTILE, hostileOnce } from './measure/hostile.mjs';
import { CIRCUMSTANCES, LOAD, circumstance, loadOnce } from './measure/load.mjs';
import { PASTE, pasteOnce } from './measure/paste.mjs';
import { printRuns, quantileOf } from './measure/print.mjs';
import { firstLoad, printSizes, sizes } from './size.mjs';

const RUNS = { load: 10, paste: 10, hostile: 3, captures: 3 };
const PARTS = (process.env.ONLY || Object.keys(RUNS).join(' ')).split(' ');

const BESIDE = (process.env.BESIDE || '').split(' ').filter(Boolean);
const BUILDS = [
  { name: 'this build', dist: DIST },
  ...BESIDE.map((beside) => {
    const [name, folder] = beside.split('=');
    return { name, dist: pathToFileURL(`${resolve(folder)}/`) };
  }),
];

/** Lets the builds take turns: for each of `builds` an array with what `run` gave for it each of `times`. */
async function inTurns(times, run, builds = BUILDS) {
  const runs = builds.map(() => []);
  for (let turn = 0; turn < times; turn += 1) {
    for (const [index, { dist }] of builds.entries()) runs[index].push(await run(dist));
  }
  return runs;
}

const MEASURE = {
  async load() {
    for (const at of CIRCUMSTANCES) {
      const runs = await inTurns(RUNS.load, (dist) => loadOnce(dist, at));
      printRuns(`first load, ${circumstance(at)}, ${RUNS.load} runs, ms`, LOAD, BUILDS, runs);
    }
  },
  async paste() {
    const runs = await inTurns(RUNS.paste, pasteOnce);
    const first = runs.map((of) => of.map((run) => run.first));
    printRuns(`first paste of three messages, ${RUNS.paste} runs, ms`, PASTE, BUILDS, first);
    const later = runs.map((of) => of.flatMap((run) => run.later));
    printRuns(`later pastes, ${later[0].length} in ${RUNS.paste} pages, ms`, PASTE, BUILDS, later);
  },
  async hostile() {
    console.log(`\n${`hostile pastes, medians of ${RUNS.hostile} runs, ms`.padEnd(48)} longest task   to an answer`);
    for (const [name, make] of Object.entries(HOSTILE)) {
      const text = make();
      const runs = await inTurns(RUNS.hostile, (dist) => hostileOnce(dist, text));
      const cells = runs.map((of) => ['longest', 'answer'].map((key) => quantileOf(of, key).toFixed(0).padStart(13)).join(''));
      console.log(name.padEnd(48), cells.join('  |'));
    }
  },
  async captures() {
    await withCaptures(async (name, file) => {
      const runs = await inTurns(RUNS.captures, (dist) => captureOnce(dist, file), BUILDS.slice(0, 1));
      printRuns(`${name}, ${RUNS.captures} runs`, CAPTURE, BUILDS.slice(0, 1), runs);
    });
  },
};

try {
  console.log(`${cpus()[0].model}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}`);
  for (const part of PARTS) await MEASURE[part]();
  console.log();
  printSizes(sizes(firstLoad()));
} catch (error) {
  console.error(`measure: ${error.message}`);
  process.exitCode = 1;
} finally {
  await closeBrowsers();
}
