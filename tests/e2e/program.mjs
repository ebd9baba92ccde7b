// The command line, which the page is held against.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the command line, where the native tests have not. */
export function buildProgram() {
  execFileSync('cargo', ['build', '--locked', '--quiet', '--bin', 'spnscope'], { cwd: ROOT });
}

/** Runs `spnscope` with these arguments, in the root of the repository; gives what it prints, and what it says besides. */
export function spnscope(...args) {
  const program = `${process.env.CARGO_TARGET_DIR ?? `${ROOT}/target`}/debug/spnscope`;
  const { error, stdout, stderr } = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8' });
  if (error) throw error;
  return { stdout, stderr };
}
