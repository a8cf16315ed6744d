import { writeSync } from 'node:fs';

/** A process that is watched is told so by these: where to say what it parses, if anywhere, and what it must not parse. */
export const watchVariable = 'DMABUF_LINT_WATCH';
export const spoiltVariable = 'DMABUF_LINT_SPOILT';

/** What is parsed at a time, as a line of text: `drivers/a.c: f()`. */
export type Parsed = string;

const told = process.env[watchVariable];
const descriptor = told === undefined || told === '' ? null : Number(told);
const spoilt: ReadonlySet<Parsed> = new Set(
  (process.env[spoiltVariable] ?? '').split('\n').filter((line) => line !== ''),
);

/** Whether another process looks after this one. */
export const isWatched = told !== undefined;
const watching = process.ppid;
/** Whether something is left out because the parser crashed on it. */
export const hasSpoilt = spoilt.size > 0;

/**
 * Says what is about to be parsed, before the parser gets it: a crash in native code leaves no other trace.
 * @returns whether it may be parsed; false for what a former process crashed on
 */
export function mayParse(path: string, name: string): boolean {
  if (!isWatched) return true;
  if (process.ppid !== watching) process.exit(1); // who watched is gone: nobody waits for what comes out
  if (descriptor === null) return true;
  const parsed: Parsed = `${path}: ${name}`.replaceAll('\n', ' ');
  if (spoilt.has(parsed)) return false;
  try {
    writeSync(descriptor, `${parsed}\n`);
  } catch {
    process.exit(1);
  }
  return true;
}
