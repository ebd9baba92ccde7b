// Numbers of several runs as tables.

/** The value below which the part `q` of the sorted numbers lies. */
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];

/** What the part `q` of `runs` has at most as `key`. */
export const quantileOf = (runs, key, q = 0.5) => quantile(runs.map((run) => run[key]).sort((a, b) => a - b), q);

/**
 * Prints a line for each key of `what`: median and 95th percentile of each build's runs, and for each build but the
 * first how much of its median the first build's is. `runs` has an array of runs for each of `builds`.
 */
export function printRuns(title, what, builds, runs) {
  const width = Math.max(title.length, ...Object.values(what).map((text) => text.length));
  const heads = builds.map(({ name }, index) => `${name.padStart(18)}      p95${index ? '  ratio' : ''}`);
  console.log(`\n${title.padEnd(width)}${heads.join('')}`);
  for (const [key, text] of Object.entries(what)) {
    const digits = key === 'cls' ? 3 : 1;
    const [first] = runs.map((of) => quantileOf(of, key));
    const cells = runs.map((of, index) => {
      const median = quantileOf(of, key);
      const ratio = index ? `  ${(median ? first / median : 1).toFixed(2).padStart(5)}` : '';
      return `${median.toFixed(digits).padStart(18)} ${quantileOf(of, key, 0.95).toFixed(digits).padStart(8)}${ratio}`;
    });
    console.log(text.padEnd(width) + cells.join(''));
  }
}
