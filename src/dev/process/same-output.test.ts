import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { copyFixture, fixturesFolder } from '../examples/example-tree.js';
import { run } from '../examples/run-command.js';
import { everyKind, onlyInCi, sample } from '../run/cases.js';
import { runCli } from '../run/run-cli.js';

let top: string;
let usual: string;
/** What `docs` writes about the tree. */
let usualPages: readonly (readonly [name: string, text: string])[];

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

/** Whom patches are from, and when, so that nothing but the tree can make a difference. */
const author: Environment = {
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.org',
  SOURCE_DATE_EPOCH: '1700000000',
};

let folders = 0;

/** The pages and patches that `docs` writes about a tree, and what it says of them. */
async function pagesFor(
  tree: string,
  write: (words: readonly string[], env: Environment) => Promise<{ readonly stderr: string }>,
): Promise<readonly (readonly [name: string, text: string])[]> {
  const out = join(top, `pages${folders++}`);
  const { stderr } = await write(['docs', tree, '--out', out], author);
  const names = readdirSync(out).sort();
  assert.ok(names.some((name) => name.endsWith('.patch')) && names.some((name) => name.endsWith('.rst')), stderr);
  const texts = names.map((name) => [name, readFileSync(join(out, name), 'utf8')] as const);
  return [...texts, ['stderr', stderr.replaceAll(out, 'OUT')]];
}

/** The same in this process. */
const pagesHere = (tree: string) => pagesFor(tree, (words, env) => run(words, { cwd: top, env }));

before(async () => {
  top = mkdtempSync(join(tmpdir(), 'same-'));
  if (everyKind) cpSync(join(fixturesFolder, 'marker-field'), join(top, 'tree'), { recursive: true });
  else copyFixture('marker-field', join(top, 'tree'), ['drivers/rnic/unmarked', 'drivers/rnic/wrongmark']);
  usual = await scanHere('tree');
  assert.ok(JSON.parse(usual).findings.length > 1, 'so that there is an order');
  usualPages = await pagesHere('tree');
});
after(() => rmSync(top, { recursive: true }));

describe('a scan prints the same, and docs writes the same', () => {
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
        if (!everyKind) return;
        const writeElsewhere = (words: readonly string[], own: Environment) =>
          runCli(words, { cwd: top, env: { ...env, ...own } });
        assert.deepEqual(await pagesFor('tree', writeElsewhere), usualPages);
      },
    );

  it('for a relative path, an absolute one, and one with dots', async () => {
    for (const tree of [join(top, 'tree'), './tree/', 'tree/drivers/..'])
      assert.equal(await scanHere(tree), usual, tree);
    for (const tree of [join(top, 'tree'), './tree/']) assert.deepEqual(await pagesHere(tree), usualPages, tree);
  });

  it('for the same files in another order of the directory', async () => {
    // A copy made the other way round: most file systems list files in the order in which they came.
    const source = join(top, 'tree');
    const copy = join(top, 'copy');
    for (const folder of ['include', 'drivers', 'Makefile'].reverse())
      cpSync(join(source, folder), join(copy, folder), { recursive: true });
    assert.equal(await scanHere('copy'), usual);
    assert.deepEqual(await pagesHere('copy'), usualPages);
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
    const { stdout, stderr } = await runElsewhere(words, threads, seed);
    assert.notEqual(stdout, '', stderr);
    return timeless(stdout);
  }

  async function runElsewhere(words: readonly string[], threads: number, seed: number, own: Environment = {}) {
    const loaded = join(top, `loaded-${threads}-${seed}`);
    const env = {
      ...own,
      NODE_OPTIONS: `--import=${pathToFileURL(join(top, 'other-machine.mjs')).href}`,
      OTHER_MACHINE: `${threads} ${seed}`,
      WAS_LOADED: loaded,
    };
    const ran = await runCli(words, { cwd: top, env });
    assert.ok(readFileSync(loaded, 'utf8').length > 100, 'the order was another one');
    return ran;
  }

  const machines = [
    [1, 1],
    [4, 2],
    [2, 3],
  ] as const;
  const commands: readonly (readonly string[])[] = [args('many'), ['matrix', 'many', '--format', 'json']];
  for (const words of commands)
    it(`gives the same on any machine, in any order: ${words[0]}`, sample(words[0] === 'scan'), async () => {
      const { stdout } = await run(words, { cwd: top });
      for (const [threads, seed] of machines.slice(everyKind ? 0 : 1, everyKind ? 3 : 2))
        assert.equal(await elsewhere(words, threads, seed), timeless(stdout), `${threads} threads, seed ${seed}`);
    });

  it('gives the same pages and patches on any machine, in any order', onlyInCi, async () => {
    const expected = await pagesHere('many');
    for (const [threads, seed] of machines)
      assert.deepEqual(
        await pagesFor('many', (words, env) => runElsewhere(words, threads, seed, env)),
        expected,
        `${threads} threads, seed ${seed}`,
      );
  });
});
