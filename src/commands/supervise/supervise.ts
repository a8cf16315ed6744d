import { type ChildProcess, fork } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../base/environment.js';
import { removeLeftovers } from '../../base/leftovers.js';
import { programFile } from '../../base/package/package-files.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import type { CommandContext } from '../cli/context.js';
import { exitInternal } from '../cli/exit-codes.js';
import type { OutputSink } from '../cli/terminal.js';
import { type Job, wordsOf } from './job.js';
import { leftoversOf } from './leftovers.js';
import type { Order } from './order.js';

/** Signals that mean a crash in native code. The JavaScript engine also aborts when there is no memory left. */
const crashes: readonly string[] = ['SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGABRT', 'SIGTRAP'];
/** If the parser crashes more often on a tree, the command gives up. */
const mostCrashes = 5;
const ownSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/**
 * How long the other process may take to end by a signal, in milliseconds. It handles none, so it ends at once, unless it
 * is stopped (Ctrl-Z): then only SIGKILL ends it.
 */
const grace = 300;

/**
 * Settings of the JavaScript engine: we start the garbage collector between stages, young objects do not pile up, and
 * the heap grows by a fifth at most. That saves a third of the memory and costs hardly any time. Node 20, 22 and 24 know
 * all three, and the one below.
 */
const memoryFlags: readonly string[] = ['--expose-gc', '--max-semi-space-size=8', '--heap-growing-percent=20'];

/**
 * The optimising compiler puts less of what a function calls into its code. In threads of its own it took a quarter of the
 * processor time of a scan; what it makes now is as fast.
 */
const flags: readonly string[] = [...memoryFlags, '--max-inlined-bytecode-size-cumulative=100'];

/** Where most is known already, there is little to save, and to collect garbage is a quarter of the work. */
const warmFlags: readonly string[] = ['--max-semi-space-size=16', '--heap-growing-percent=40'];

/**
 * The C library gives each thread memory of its own for what is not JavaScript, which stays with the process when the
 * thread ends: 20 MB on a whole kernel. With two such areas it takes no longer. Other systems ignore the variable.
 * Source: mallopt(3), M_ARENA_MAX.
 */
const memorySettings: Environment = { MALLOC_ARENA_MAX: '2' };

const entry = fileURLToPath(programFile('commands/supervise/supervised-process.js'));

/**
 * Does a job in a process of its own, which the parser may crash. Then the job is done again by a process that says
 * what it parses, which takes time; what the parser crashes on is named, and left out in the next attempt.
 * @param host this process: the signals that it gets are passed on, and what ends the other process ends it
 * @param sink where the output of the other process goes; if missing, it has the standard streams of this one
 * @returns the exit code
 */
export async function supervise(
  job: Job,
  context: CommandContext,
  host: NodeJS.Process,
  sink?: OutputSink,
): Promise<number> {
  const spoilt: string[] = [];
  const tell = (text: string): void =>
    context.terminal.writeError(`dmabuf-lint: ${escapeForTerminal(`the parser crashed ${text}`)}\n`);
  // Standard input cannot be read twice.
  const isOnce = wordsOf(job).includes('-');
  let crash: NodeJS.Signals | null = null;
  for (;;) {
    const { code, signal, last } = await runOnce(
      job,
      context,
      { spoilt, isWatched: isOnce || crash !== null, sink },
      host,
    );
    if (signal === null) {
      if (crash && spoilt.length === 0) tell(`(${crash}), but not in a second attempt: nothing is left out`);
      return code ?? exitInternal;
    }
    for (const left of leftoversOf(context.env)) removeLeftovers(left);
    if (!crashes.includes(signal)) return endAs(signal, host);
    const isFirst = crash === null;
    crash = signal;
    if (isFirst && !isOnce) continue;
    const where = `(${signal}) ${last === '' ? 'before anything was parsed' : `on ${last}`}`;
    if (last === '' || spoilt.includes(last) || spoilt.length >= mostCrashes || isOnce) {
      tell(`${where}: nothing was analysed; exclude that file in the configuration, and report it`);
      return exitInternal;
    }
    tell(`${where}: it is left out`);
    spoilt.push(last);
  }
}

/** How a supervised process ended. */
interface Ended {
  readonly code: number | null;
  /** The signal that ended it, or that this process got first and passed on. */
  readonly signal: NodeJS.Signals | null;
  /** What was parsed last. */
  readonly last: string;
}

interface Attempt {
  readonly spoilt: readonly string[];
  /** Whether the process says what it parses. */
  readonly isWatched: boolean;
  readonly sink: OutputSink | undefined;
}

function runOnce(
  job: Job,
  { env, cwd, terminal }: CommandContext,
  { spoilt, isWatched, sink }: Attempt,
  host: NodeJS.Process,
): Promise<Ended> {
  const stdio = descriptors(env, sink ? ['ignore', 'pipe', 'pipe'] : ['inherit', 'inherit', 'inherit']);
  const pipe = stdio.indexOf('pipe', 3);
  const child = fork(entry, [], {
    execArgv: [...host.execArgv, ...(job.isWarm ? warmFlags : flags)],
    env: { ...memorySettings, ...env },
    stdio: [...stdio],
    serialization: 'advanced',
  });
  const passing = passSignals(child, host);
  child.stdout?.setEncoding('utf8').on('data', (text: string) => sink?.write(text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => sink?.writeError(text));
  let said = '';
  child.stdio[pipe]?.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString('utf8')).slice(-8192);
  });
  const { isTerminal, hasColour, columns, showsProgress } = terminal;
  const order: Order = {
    job,
    supervisor: host.pid,
    env: { ...env },
    cwd,
    traits: { isTerminal, hasColour, columns, showsProgress },
    watchedAt: isWatched ? pipe : null,
    spoilt,
  };
  // It may die before it has read that.
  child.send(order, () => undefined);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // `close` comes when all that it said is read.
    child.once('close', (code, signal) => {
      const asked = passing.end();
      resolve({ code, signal: signal && (asked ?? signal), last: said.trimEnd().split('\n').at(-1) ?? '' });
    });
  });
}

/**
 * Passes signals on to the other process, and kills it if it does not end.
 * @returns `end`, which stops that, and yields the first signal that came
 */
function passSignals(child: ChildProcess, host: NodeJS.Process): { end(): NodeJS.Signals | null } {
  let first: NodeJS.Signals | null = null;
  let timer: NodeJS.Timeout | undefined;
  const passOn = (signal: NodeJS.Signals): void => {
    first ??= signal;
    child.kill(signal);
    timer ??= setTimeout(() => child.kill('SIGKILL'), grace);
  };
  for (const signal of ownSignals) host.on(signal, passOn);
  return {
    end() {
      clearTimeout(timer);
      for (const signal of ownSignals) host.off(signal, passOn);
      return first;
    },
  };
}

type Descriptor = 'inherit' | 'ignore' | 'ipc' | 'pipe' | number;

/** What the other process has open: a descriptor that NIPA waits at keeps its number. */
function descriptors(env: Environment, standard: readonly Descriptor[]): readonly Descriptor[] {
  const kept = Number(env['DESC_FD'] ?? Number.NaN);
  const own: ('ipc' | 'pipe')[] = ['ipc', 'pipe'];
  const all = [...standard];
  const last = isOpen(kept) ? kept : 0;
  while (own.length > 0 || all.length <= last) {
    const next = all.length;
    all.push(next === last ? next : (own.shift() ?? 'ignore'));
  }
  return all;
}

function isOpen(descriptor: number): boolean {
  if (!Number.isInteger(descriptor) || descriptor < 3 || descriptor > 255) return false;
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
}

/** Ends this process as the other one ended. */
function endAs(signal: NodeJS.Signals, host: NodeJS.Process): number {
  host.kill(host.pid, signal);
  return 128 + constants.signals[signal];
}
