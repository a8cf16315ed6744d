import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { copyFixture, fixturesFolder } from '../examples/example-tree.js';
import { run } from '../examples/run-command.js';
import { allCases, sample } from '../run/cases.js';
import { runCli } from '../run/run-cli.js';

let top: string;
let usual: string;

type Environment = Readonly<Record<string, string>>;

/** What a command prints about a tree, without the time that it took. */
const timeless = (text: string): string => text.replace(/"milliseconds": \d+/, '"milliseconds": 0');

const args = (tree: string): readonly string[] => ['scan', tree, '--no-cache', '--format', 'json'];

/** What a scan prints in a process of its own. */
async function scan(tree: string, env: Environment = {}): Promise<string> {
  const { stdout, stderr } = await runCli(args(tree), { cwd: top, env });
  assert.notEqual(stdout, '', stderr);
  return timeless(stdout);
}

/** What a scan prints in this process. */
async function scanHere(tree: string): Promise<string> {
  const { stdout, stderr } = await run(args(tree), { cwd: top });
  assert.notEqual(stdout, '', stderr);
  return timeless(stdout);
}

before(async () => {
  top = mkdtempSync(join(tmpdir(), 'same-'));
  if (allCases) cpSync(join(fixturesFolder, 'marker-field'), join(top, 'tree'), { recursive: true });
  else copyFixture('marker-field', join(top, 'tree'), ['drivers/rnic/unmarked', 'drivers/rnic/wrongmark']);
  usual = await scanHere('tree');
  assert.ok(JSON.parse(usual).findings.length > 1, 'so that there is an order');
});
after(() => rmSync(top, { recursive: true }));

describe('a scan prints the same', () => {
  const environments: readonly Environment[] = [
    { LC_ALL: 'C', LANG: 'C' },
    { LC_ALL: 'tr_TR.UTF-8', LANGUAGE: 'tr', TZ: 'Pacific/Kiritimati' },
    { TZ: 'America/St_Johns', UV_THREADPOOL_SIZE: '1', COLUMNS: '20' },
  ];
  for (const [index, env] of environments.entries())
    it(
      `under ${Object.entries(env)
        .map((pair) => pair.join('='))
        .join(' ')}`,
      sample(index === 1),
      async () => {
        assert.equal(await scan('tree', env), usual);
      },
    );

  it('for a relative path, an absolute one, and one with dots', async () => {
    for (const tree of [join(top, 'tree'), './tree/', 'tree/drivers/..'])
      assert.equal(await scanHere(tree), usual, tree);
  });

  it('for the same files in another order of the directory', async () => {
    // A copy made the other way round: most file systems list files in the order in which they came.
    const source = join(top, 'tree');
    const copy = join(top, 'copy');
    for (const folder of ['include', 'drivers', 'Makefile'].reverse())
      cpSync(join(source, folder), join(copy, folder), { recursive: true });
    assert.equal(await scanHere('copy'), usual);
  });
});

/** A module that is loaded before the program: folders are listed in another order, and the machine has so many processors. */
const otherMachine = `import fs from 'node:fs';
import os from 'node:os';
import { syncBuiltinESMExports } from 'node:module';
const [threads, seed] = process.env.OTHER_MACHINE.split(' ').map(Number);
let state = seed;
const random = (below) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state % below; };
const shuffled = (list) => list.map((one) => [random(1 << 30), one]).sort((a, b) => a[0] - b[0]).map(([, one]) => one);
const { readdirSync } = fs;
fs.readdirSync = (...args) => { fs.writeFileSync(process.env.WAS_LOADED, 'x', { flag: 'a' }); return shuffled(readdirSync(...args)); };
const { readdir } = fs.promises;
fs.promises.readdir = async (...args) => shuffled(await readdir(...args));
os.availableParallelism = () => threads;
syncBuiltinESMExports();
`;

describe('a tree of many folders and files', () => {
  before(() => {
    const many = join(top, 'many');
    cpSync(join(top, 'tree'), many, { recursive: true });
    // So many that folders are walked, and files searched, in several threads.
    for (let folder = 0; folder < 110; folder++) {
      const path = join(many, `drivers/odd${folder}/x`);
      mkdirSync(path, { recursive: true });
      for (let file = 0; file < 40; file++)
        writeFileSync(join(path, `${file}.c`), file === 7 ? '/* dma_buf_pin */\n' : '');
    }
    writeFileSync(join(top, 'other-machine.mjs'), otherMachine);
  });

  /** What commands print where folders are listed in another order, on a machine with so many processors. */
  async function elsewhere(words: readonly string[], threads: number, seed: number): Promise<string> {
    const loaded = join(top, `loaded-${threads}-${seed}`);
    const env = {
      NODE_OPTIONS: `--import=${pathToFileURL(join(top, 'other-machine.mjs')).href}`,
      OTHER_MACHINE: `${threads} ${seed}`,
      WAS_LOADED: loaded,
    };
    const { stdout, stderr } = await runCli(words, { cwd: top, env });
    assert.notEqual(stdout, '', stderr);
    assert.ok(readFileSync(loaded, 'utf8').length > 100, 'the order was another one');
    return timeless(stdout);
  }

  const commands: readonly (readonly string[])[] = [args('many'), ['matrix', 'many', '--format', 'json']];
  for (const words of commands)
    it(`gives the same on any machine, in any order: ${words[0]}`, sample(words[0] === 'scan'), async () => {
      const { stdout } = await run(words, { cwd: top });
      const machines = [
        [1, 1],
        [4, 2],
        [2, 3],
      ] as const;
      for (const [threads, seed] of machines.slice(0, allCases ? 3 : 2))
        assert.equal(await elsewhere(words, threads, seed), timeless(stdout), `${threads} threads, seed ${seed}`);
    });
});
