import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExampleRepository, makeRepository } from '../examples/example-repository.js';
import { fixturesFolder } from '../examples/example-tree.js';
import { createRandom } from '../fuzz/random-edits.js';
import { startClient } from '../lsp/lsp-client.js';
import { everyKind, onlyInCi, sample } from '../run/cases.js';
import { holdsWithin, processesWith } from '../run/processes.js';
import { cli } from '../run/run-cli.js';

/**
 * How many importers make an analysis of some 5 seconds of processor time, nearly all of it in one stretch in which no
 * signal, message or timer is looked at.
 */
const importers = 300;
/** So many seconds of processor time after its start, a process is in that stretch, and has parsed everything. */
const busyAfter = 2;
/** How soon all processes have to be gone, in milliseconds: two seconds, and as many for a machine under load. */
const soon = 4000;

let top: string;
let tmp: string;
let env: NodeJS.ProcessEnv;
/** A tree whose analysis takes long, and one whose analysis does not. */
let large: ExampleRepository;
let small: ExampleRepository;
const stub = readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8');

before(() => {
  top = mkdtempSync(join(tmpdir(), 'stop-'));
  tmp = join(top, 'tmp');
  mkdirSync(tmp);
  env = { ...process.env, XDG_CACHE_HOME: join(top, 'cache'), TMPDIR: tmp };
  large = makeRepository(join(top, 'large'), 'invalidate-mappings');
  for (let index = 0; index < importers; index++)
    large.write(`drivers/odd/odd${index}.c`, stub.replaceAll('odd_', `odd${index}_`));
  large.commit('drivers: odd');
  small = makeRepository(join(top, 'small'), 'invalidate-mappings');
  if (everyKind) {
    cpSync(join(fixturesFolder, 'invalidate-mappings/drivers'), join(small.folder, 'drivers'), { recursive: true });
    small.commit('drivers');
  }
  small.write('drivers/odd/odd.c', stub);
  small.commit('drivers: odd');
  writeFileSync(join(top, 'series.mbox'), small.git('format-patch', '--stdout', '-1'));
});
after(() => rmSync(top, { recursive: true, force: true, maxRetries: 5 }));

/** All processes of a command: they have its folder for temporary files. */
const running = () => processesWith(`TMPDIR=${tmp}`);
afterEach(() => {
  for (const { pid } of running()) process.kill(pid, 'SIGKILL');
});

/** Waits until a process of a command is in the long stretch. */
async function untilBusy(name: string): Promise<void> {
  const isBusy = () => running().some(({ command, seconds }) => command.includes(name) && seconds > busyAfter);
  assert.ok(await holdsWithin(240_000, isBusy), `${name} is busy`);
}

/** What is left in the folder for temporary files, and what is unfinished in the cache. */
function leftovers(): readonly string[] {
  const inFolder = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);
  const inCache = ['trees', 'units', 'answers', 'searches'].flatMap((name) =>
    inFolder(join(top, 'cache/dmabuf-lint', name)),
  );
  return [...inFolder(tmp), ...inCache.filter((name) => !/^[0-9a-f]{64}\.entry$/.test(name))];
}

/** Starts a command as the leader of a process group, as a shell does. */
function start(args: readonly string[], cwd: string): ChildProcess {
  return spawn(process.execPath, [cli, ...args], { cwd, env, stdio: 'ignore', detached: true });
}

type End = readonly [code: number | null, signal: NodeJS.Signals | null];

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve([code, signal])));
}

/** Whom a signal is sent to: the process that the user started, or also those that it started. */
type Receivers = 'it' | 'all';

function signalTo(receivers: Receivers, { pid = 0 }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(receivers === 'all' ? -pid : pid, signal);
  } catch {
    // It has ended already.
  }
}

async function assertGone(): Promise<void> {
  const isGone = await holdsWithin(soon, () => running().length === 0);
  assert.ok(isGone, `still running: ${running().map(({ command }) => command)}`);
  assert.deepEqual(leftovers(), []);
}

const ways: readonly (readonly [NodeJS.Signals, Receivers])[] = [
  ['SIGINT', 'it'],
  ['SIGINT', 'all'],
  ['SIGTERM', 'it'],
  ['SIGTERM', 'all'],
  ['SIGHUP', 'it'],
  ['SIGKILL', 'it'],
];

/** What always runs: Ctrl-C. */
const usual: readonly string[] = ['SIGINT to all'];

describe('a command in the middle of a long stretch of work', () => {
  for (const [signal, receivers] of ways)
    it(
      `ends by ${signal} to ${receivers}, with what it started, and leaves nothing behind`,
      sample(usual.includes(`${signal} to ${receivers}`)),
      async () => {
        const child = start(['scan', '--since', 'HEAD', '--no-cache'], large.folder);
        const ended = endOf(child);
        await untilBusy('supervised-process');
        assert.equal(leftovers().length, 1, 'it has a scratch folder');
        signalTo(receivers, child, signal);
        await assertGone();
        assert.deepEqual(await ended, [null, signal]);
      },
    );

  it('ends by SIGTERM though its work is stopped, and takes no signal', onlyInCi, async () => {
    const child = start(['scan', '--since', 'HEAD', '--no-cache'], large.folder);
    const ended = endOf(child);
    await untilBusy('supervised-process');
    for (const { pid, command } of running()) if (command.includes('supervised')) process.kill(pid, 'SIGSTOP');
    signalTo('it', child, 'SIGTERM');
    await assertGone();
    assert.deepEqual(await ended, [null, 'SIGTERM']);
  });
});

describe('a language server whose analysis is in the middle of a long stretch of work', () => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const)
    it(`ends by ${signal}, with what it started`, signal === 'SIGKILL' ? onlyInCi : sample(false), async () => {
      const client = await startClient(large.folder, env);
      const ended = endOf(client.process);
      client.open(join(large.folder, 'drivers/odd/odd0.c'), stub.replaceAll('odd_', 'odd0_'));
      await untilBusy('engine-process');
      client.process.kill(signal);
      await assertGone();
      assert.deepEqual(await ended, [null, signal]);
      client.connection.dispose();
    });
});

/** At how many moments a command is ended: few, so that nobody waits for them, and more in CI. */
const kills = Number(process.env['DMABUF_LINT_KILLS'] ?? 1);

describe('a command that is ended at any moment', () => {
  const random = createRandom(18);
  const commands: Readonly<Record<string, () => readonly string[]>> = {
    'series of a range': () => ['series', 'HEAD~1..HEAD', '--no-cache', '--output', `json=${join(top, 'series.json')}`],
    'series of a mailbox': () => ['series', join(top, 'series.mbox'), '--base', 'HEAD~1'],
    'docs --out': () => ['docs', '--out', join(top, 'docs')],
    'scan --fix-patch': () => ['scan', '--fix-patch', join(top, 'fixes')],
  };
  /** What CI always tries. */
  const usual = ['series of a mailbox'];
  for (const [index, [name, args]] of Object.entries(commands).entries())
    it(
      `leaves nothing behind: ${name}, at ${kills} moments`,
      usual.includes(name) ? onlyInCi : sample(false),
      async () => {
        const started = performance.now();
        const [, killed] = await endOf(start(args(), small.folder));
        assert.equal(killed, null);
        const duration = performance.now() - started;
        for (let time = 0; time < kills; time++) {
          // Each command begins with another way, so that few moments try them all.
          const [signal, receivers] = ways[(index * kills + time) % ways.length] ?? assert.fail();
          const child = start(args(), small.folder);
          const ended = endOf(child);
          await sleep(random(duration));
          signalTo(receivers, child, signal);
          await assertGone();
          const [code, by] = await ended;
          assert.ok(by === signal || code !== null, `${by} after ${signal}`);
        }
      },
    );
});
