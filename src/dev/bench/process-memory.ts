import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const eachMilliseconds = 20;

/**
 * The most memory that a command and all its processes had together, in MB of 2^20 bytes, asked for fifty times a second:
 * what several share is counted once. Source: Documentation/filesystems/proc.rst, Pss.
 */
export function peakMemory([program = '', ...args]: readonly string[], cwd: string): Promise<number> {
  const child = spawn(program, args, { cwd, stdio: 'ignore' });
  let peak = 0;
  const asking = setInterval(() => {
    if (child.pid !== undefined) peak = Math.max(peak, kilobytesOf(child.pid));
  }, eachMilliseconds);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      clearInterval(asking);
      reject(error);
    });
    child.once('close', () => {
      clearInterval(asking);
      resolve(peak / 1024);
    });
  });
}

/** Of a process and those that it has started; 0 for one that is gone. */
function kilobytesOf(id: number): number {
  try {
    const own = Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'latin1'))?.[1] ?? 0);
    const children = readdirSync(`/proc/${id}/task`).flatMap((task) =>
      readFileSync(`/proc/${id}/task/${task}/children`, 'latin1').split(' ').filter(Boolean),
    );
    return children.reduce((sum, child) => sum + kilobytesOf(Number(child)), own);
  } catch {
    return 0;
  }
}
