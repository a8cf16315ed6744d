import { fork } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { constants } from 'node:os';
import { removeCacheLeftovers } from '../../base/disk-cache.js';
import { spoiltVariable, watchVariable } from '../../base/parsing-watch.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import { exitInternal } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** How native code dies. An abort is also how the JavaScript engine ends when there is no memory left. */
const crashes: readonly string[] = ['SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGABRT', 'SIGTRAP'];
/** A tree on which the parser crashes more often is told of, and left. */
const mostCrashes = 5;
const ownSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The collector is asked for between stages, and lets neither young objects pile up nor the heap grow by more than a
 * fifth: of what the engine would take, a third is saved, and hardly any time is lost. Node 20, 22 and 24 know all three.
 */
const flags: readonly string[] = ['--expose-gc', '--max-semi-space-size=8', '--heap-growing-percent=20'];

let isHandedOver = false;

/** Whether another process would find what the command line names: a descriptor of this one it has not. */
export function canBeSupervised(): boolean {
  return !process.argv.some((argument) => /^\/(?:dev|proc\/self)\/fd\//.test(argument));
}

/** Whether another process did the work, and told where its time went. */
export function wasHandedOver(): boolean {
  return isHandedOver;
}

/**
 * Runs the same command in a process of its own, which the parser may crash. Then it is run again, and says what it
 * parses, which takes time; what it crashes on is named, and left out in the next attempt.
 * @param handed given to the other process, see {@link handedOver}
 * @returns the exit code
 */
export async function supervise(terminal: Terminal, handed: unknown = null): Promise<number> {
  isHandedOver = true;
  const spoilt: string[] = [];
  const tell = (text: string): void =>
    terminal.writeError(`dmabuf-lint: ${escapeForTerminal(`the parser crashed ${text}`)}\n`);
  // What was piped in is read.
  const isOnce = process.argv.includes('-');
  let crash: NodeJS.Signals | null = null;
  for (;;) {
    const { code, signal, last } = await runOnce(handed, spoilt, isOnce || crash !== null);
    if (signal === null) {
      if (crash && spoilt.length === 0) tell(`(${crash}), and did not in a second attempt: nothing is left out`);
      return code ?? exitInternal;
    }
    removeCacheLeftovers();
    if (!crashes.includes(signal)) return endAs(signal);
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

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What was parsed last. */
  readonly last: string;
}

function runOnce(handed: unknown, spoilt: readonly string[], saysWhat: boolean): Promise<Ended> {
  const [, program = '', ...args] = process.argv;
  const stdio = descriptors();
  const watched = stdio.indexOf('pipe');
  const child = fork(program, args, {
    execArgv: [...process.execArgv, ...flags],
    env: { ...process.env, [watchVariable]: saysWhat ? String(watched) : '', [spoiltVariable]: spoilt.join('\n') },
    stdio: [...stdio],
    serialization: 'advanced',
  });
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of ownSignals) process.on(signal, passOn);
  let said = '';
  child.stdio[watched]?.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString('utf8')).slice(-8192);
  });
  // It may die before it has read that.
  child.send({ handed }, () => undefined);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // `close` comes when all that it said is read.
    child.once('close', (code, signal) => {
      for (const own of ownSignals) process.off(own, passOn);
      resolve({ code, signal, last: said.trimEnd().split('\n').at(-1) ?? '' });
    });
  });
}

/** What the other process has open: a descriptor that NIPA waits at keeps its number. */
function descriptors(): readonly ('inherit' | 'ignore' | 'ipc' | 'pipe' | number)[] {
  const kept = Number(process.env['DESC_FD'] ?? Number.NaN);
  const own: ('ipc' | 'pipe')[] = ['ipc', 'pipe'];
  const all: ('inherit' | 'ignore' | 'ipc' | 'pipe' | number)[] = ['inherit', 'inherit', 'inherit'];
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
function endAs(signal: NodeJS.Signals): number {
  process.kill(process.pid, signal);
  return 128 + constants.signals[signal];
}

/** What the process that watches this one has to hand over: it comes with the first message. */
export function handedOver(): Promise<unknown> {
  return new Promise((resolve) => {
    process.once('message', (message: { readonly handed: unknown }) => {
      process.on('disconnect', () => process.exit(1)); // nobody waits for what comes out
      process.channel?.unref();
      resolve(message.handed);
    });
  });
}
