import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExampleRepository, makeRepository } from '../examples/example-repository.js';
import { fixturesFolder } from '../examples/example-tree.js';
import { createRandom } from '../fuzz/random-edits.js';
import { everyKind, onlyInCi, sample } from '../run/cases.js';
import { cli as program } from '../run/run-cli.js';

let top: string;
let linux: ExampleRepository;
let env: NodeJS.ProcessEnv;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'faults-'));
  env = { ...process.env, XDG_CACHE_HOME: join(top, 'cache'), TMPDIR: join(top, 'tmp') };
  mkdirSync(join(top, 'tmp'));
  linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  if (everyKind) {
    cpSync(join(fixturesFolder, 'invalidate-mappings/drivers'), join(top, 'linux/drivers'), { recursive: true });
    linux.commit('drivers');
  }
  linux.write('drivers/odd/odd.c', readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8'));
});
after(() => rmSync(top, { recursive: true }));

/** Runs a command, and ends it by a signal after some time, if it is not done by then. */
async function run(args: readonly string[], signal?: NodeJS.Signals, after = 0): Promise<number | null> {
  const child = spawn(process.execPath, [program, ...args], { cwd: linux.folder, env, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  if (signal) {
    await sleep(after);
    child.kill(signal);
  }
  return await ended;
}

const output = (): string => join(top, 'out', 'result.json');
const scan = (): readonly string[] => ['scan', '--since', 'HEAD', '--output', `json=${output()}`];

function leftovers(): readonly string[] {
  const inFolder = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);
  return [
    ...inFolder(join(top, 'tmp')),
    ...inFolder(join(top, 'out')).filter((name) => name !== 'result.json'),
    ...['trees', 'units', 'answers', 'searches']
      .flatMap((name) => inFolder(join(top, 'cache/dmabuf-lint', name)))
      .filter((name) => !/^[0-9a-f]{64}\.entry$/.test(name)),
  ];
}

/** At how many moments a command is ended: few, so that nobody waits for them, and more in CI. */
const kills = Number(process.env['DMABUF_LINT_KILLS'] ?? 1);

describe('a scan that is ended from outside', () => {
  const random = createRandom(7);
  const moments = (count: number): readonly number[] => Array.from({ length: count }, () => random(900));

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`by ${signal}, at ${kills} moments, leaves nothing behind`, sample(signal === 'SIGINT'), async () => {
      for (const moment of moments(kills)) {
        rmSync(output(), { force: true });
        await run(scan(), signal, moment);
        // What is there is whole.
        if (existsSync(output())) JSON.parse(readFileSync(output(), 'utf8'));
        assert.deepEqual(leftovers(), [], `${moment} ms`);
      }
    });

  it(`by SIGKILL, at ${kills} moments, leaves nothing that the next run does not clear away`, async () => {
    for (const moment of moments(kills)) {
      await run(scan(), 'SIGKILL', moment);
      if (existsSync(output())) JSON.parse(readFileSync(output(), 'utf8'));
    }
    assert.equal(await run(scan()), 1);
    assert.equal(JSON.parse(readFileSync(output(), 'utf8')).findings.length, 1);
    assert.deepEqual(leftovers(), []);
    assert.equal(linux.git('status', '--porcelain').trim(), '?? drivers/odd/');
    assert.equal(linux.git('worktree', 'list').trim().split('\n').length, 1);
  });

  it('at the same time as another leaves one cache that both can use', onlyInCi, async () => {
    rmSync(join(top, 'cache'), { recursive: true, force: true });
    const [one, other] = await Promise.all([run(scan()), run(['scan', '--since', 'HEAD'])]);
    assert.deepEqual([one, other], [1, 1]);
    assert.equal(await run(scan()), 1);
    assert.deepEqual(leftovers(), []);
  });
});
