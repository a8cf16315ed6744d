import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process as Linux shows it below /proc. */
export interface RunningProcess {
  readonly pid: number;
  /** Its command line, with blanks between the words. */
  readonly command: string;
  /** The processor time that it has taken, in seconds. */
  readonly seconds: number;
}

/** The unit of times in /proc/<pid>/stat, in seconds: all architectures that Node runs on have it. */
const tick = 1 / 100;

/**
 * The processes whose environment holds a text: those that were started with it, and all that they started. One that
 * has ended and is not yet waited for has no environment, and does not count.
 */
export function processesWith(text: string): readonly RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const read = (file: string): string => readFileSync(`/proc/${name}/${file}`, 'latin1');
      try {
        if (!read('environ').includes(text)) return [];
        const fields = read('stat')
          .replace(/^.*\) /s, '')
          .split(' ');
        const seconds = (Number(fields[11]) + Number(fields[12])) * tick;
        return [{ pid: Number(name), command: read('cmdline').replaceAll('\0', ' ').trim(), seconds }];
      } catch {
        return []; // it has ended, or belongs to another user
      }
    });
}

/** Waits until something holds. @returns whether it does within so many milliseconds */
export async function holdsWithin(milliseconds: number, holds: () => boolean): Promise<boolean> {
  const until = performance.now() + milliseconds;
  while (!holds()) {
    if (performance.now() > until) return false;
    await sleep(50); // each look reads the environment of every process
  }
  return true;
}
