import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { holdsWithin, processesWith } from '../run/processes.js';
import { cli } from '../run/run-cli.js';
import type { KillBench, KillCommand } from './kill-bench.js';
import { halfDone, notAsAfter, type Snapshot } from './snapshot.js';

/** What a whole run of a command does. */
export interface WholeRun {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly code: number | null;
  readonly milliseconds: number;
}

/** When a command is killed: after some time, or as soon as so many changes of files have been seen. */
export type Moment = { readonly milliseconds: number } | { readonly changes: number };

/** By what. `all` is the process group, as by Ctrl-C; else only the process that the user started. */
export interface Blow {
  readonly signal: NodeJS.Signals;
  readonly to: 'it' | 'all';
}

export const blows: readonly Blow[] = [
  { signal: 'SIGKILL', to: 'it' },
  { signal: 'SIGKILL', to: 'all' },
  { signal: 'SIGTERM', to: 'it' },
  { signal: 'SIGINT', to: 'all' },
];

/** How soon all processes have to be gone, in milliseconds. */
const soon = 20_000;

function start({ tree, env }: KillBench, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [cli, ...args], { cwd: dirname(tree), env, stdio: 'ignore', detached: true });
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

/** Runs a command to its end. */
export async function wholeRun(bench: KillBench, command: KillCommand): Promise<WholeRun> {
  bench.restore();
  const before = bench.look();
  const started = performance.now();
  const code = await endOf(start(bench, command.args(bench)));
  return { before, after: bench.look(), code, milliseconds: performance.now() - started };
}

/**
 * Runs a command, and kills it.
 * @returns whether it was still running, and what is wrong afterwards
 */
export async function killOnce(
  bench: KillBench,
  command: KillCommand,
  whole: WholeRun,
  { moment, blow }: { readonly moment: Moment; readonly blow: Blow },
): Promise<{ readonly wasRunning: boolean; readonly wrong: readonly string[] }> {
  bench.restore();
  const child = start(bench, command.args(bench));
  const ended = endOf(child);
  const waiting = new AbortController();
  await Promise.race([ended, momentOf(bench, moment, waiting.signal)]);
  waiting.abort(); // a watched folder would keep this process alive
  const wasRunning = child.exitCode === null && child.signalCode === null;
  try {
    process.kill(blow.to === 'all' ? -(child.pid ?? 0) : (child.pid ?? 0), blow.signal);
  } catch {
    // It has ended.
  }
  await ended;
  const isGone = await holdsWithin(soon, () => processesWith(`TMPDIR=${bench.tmp}`).length === 0);
  const wrong = halfDone(bench.look(), whole.before, whole.after);
  return { wasRunning, wrong: [...(isGone ? [] : ['processes are left']), ...wrong] };
}

/** Waits for the moment. @param over ends the waiting */
async function momentOf({ tree, out, tmp }: KillBench, moment: Moment, over: AbortSignal): Promise<void> {
  if ('milliseconds' in moment) {
    await sleep(moment.milliseconds, undefined, { signal: over }).catch(() => undefined);
    return;
  }
  let left = moment.changes;
  await new Promise<void>((resolve) => {
    for (const folder of [tree, join(tree, 'include/linux'), join(tree, 'drivers/rnic/unmarked'), out, tmp]) {
      mkdirSync(folder, { recursive: true });
      watch(folder, { signal: over }, () => void (--left <= 0 && resolve()));
    }
  });
}

/** What is wrong after one more run, to its end: it ends as ever, and nothing of a killed run is left. */
export async function wrongAfterNext(
  bench: KillBench,
  command: KillCommand,
  whole: WholeRun,
): Promise<readonly string[]> {
  const code = await endOf(start(bench, command.args(bench)));
  const folders = ['trees', 'units', 'answers', 'searches'].map((name) =>
    join(dirname(bench.tree), 'cache/dmabuf-lint', name),
  );
  const unfinished = folders.filter(existsSync).flatMap((folder) => readdirSync(folder));
  return [
    ...(code === whole.code || code === 0 ? [] : [`the next run ends with ${code}`]),
    ...readdirSync(bench.tmp).map((name) => `left in TMPDIR: ${name}`),
    ...unfinished.filter((name) => !/^[0-9a-f]{64}\.entry$/.test(name)),
    ...notAsAfter(bench.look(), whole.after),
  ];
}
