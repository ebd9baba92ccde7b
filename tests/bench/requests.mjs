// Answers the requests of compare.py: one a line on standard input, one answer a line on standard output.
import { createInterface } from 'node:readline';

/** Calls `answer` with each request, and writes what it returns. */
export async function answerRequests(answer) {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify((await answer(JSON.parse(line))) ?? null)}\n`);
  }
}

/**
 * Calls `run`, which returns a number of messages, until `seconds` have passed. Returns how many messages
 * it were, and the seconds of the processor.
 */
export function time(seconds, run) {
  const start = performance.now();
  const before = process.cpuUsage();
  let messages = 0;
  while (performance.now() - start < seconds * 1000) messages += run();
  const { user, system } = process.cpuUsage(before);
  return { messages, seconds: (user + system) / 1e6 };
}
