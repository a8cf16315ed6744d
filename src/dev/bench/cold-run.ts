import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { cli } from '../run/run-cli.js';

/** What a scan printed, and what it took. */
export interface ColdRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What was written to DESC_FD, as `--format nipa` does. */
  readonly summary: string;
  readonly seconds: number;
  /** Of all processes together, each when it had the most. */
  readonly peakMegabytes: number;
}

const peakLine = /^peak (\d+)\n/gm;

// Loaded before the program, in the process that parses as in the one that watches it: says at the end how much memory
// it had at most, in KB.
const reporter = `import{isMainThread}from'node:worker_threads';import{writeSync}from'node:fs';
if(isMainThread)process.on('exit',()=>writeSync(2,'peak '+process.resourceUsage().maxRSS+'\\n'));`;

/**
 * Runs the command line in a process of its own, with nothing in memory from before.
 * @param args what follows the program's name
 */
export function coldRun(args: readonly string[]): Promise<ColdRun> {
  const started = performance.now();
  const preload = `data:text/javascript,${encodeURIComponent(reporter)}`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', preload, cli, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, DESC_FD: '3' },
    });
    const output = { stdout: '', stderr: '', summary: '' };
    for (const [index, name] of [[1, 'stdout'] as const, [2, 'stderr'] as const, [3, 'summary'] as const])
      (child.stdio[index] as Readable).setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
      });
    child.once('error', reject);
    child.once('close', (exitCode) => {
      const peaks = [...output.stderr.matchAll(peakLine)].map(([, kilobytes]) => Number(kilobytes));
      const kilobytes = peaks.length === 0 ? Number.NaN : peaks.reduce((sum, peak) => sum + peak);
      resolve({
        exitCode,
        ...output,
        stderr: output.stderr.replace(peakLine, ''),
        seconds: (performance.now() - started) / 1000,
        peakMegabytes: Math.round(kilobytes / 1024),
      });
    });
  });
}
