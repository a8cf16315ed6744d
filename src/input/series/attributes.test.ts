import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { sample } from '../../dev/run/cases.js';
import { openSince } from '../git/work-tree.js';
import { openSeries } from './open-series.js';
import type { SeriesRequest } from './series-source.js';

let top: string;
let tree: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'attributes-'));
  tree = join(top, 'tree');
  mkdirSync(join(tree, 'drivers'), { recursive: true });
  git('init', '--quiet', '--initial-branch=main', '.');
});
afterEach(() => rmSync(top, { recursive: true }));

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], {
    cwd: tree,
    encoding: 'utf8',
  });

function commit(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(tree, path), text);
  git('add', '--all');
  git('commit', '--quiet', '--message=x');
}

const binary = '*.c binary\n*.c -diff\n';
const [before, after] = ['int a;\nint b;\n', 'int a;\nint c;\n'];

/** The lines that the last patch of a series changed in the driver. */
async function changedLines(request: Partial<SeriesRequest>): Promise<readonly number[]> {
  const whole: SeriesRequest = {
    folder: tree,
    cwd: tree,
    env: process.env,
    names: ['HEAD~1..HEAD'],
    base: null,
    mergeWith: null,
    isOneCommit: false,
    readStdin: () => assert.fail(),
    ...request,
  };
  const { patches } = await openSeries(whole, join(top, 'scratch'));
  return [...((await patches.at(-1)?.changedLines())?.get('drivers/a.c') ?? [])];
}

/** The attributes are there before, or come with the patch. */
const cases = [
  ['in the tree', { '.gitattributes': binary, 'drivers/a.c': before }, { 'drivers/a.c': after }],
  ['added by the patch', { 'drivers/a.c': before }, { '.gitattributes': binary, 'drivers/a.c': after }],
  ['in a folder', { 'drivers/.gitattributes': binary, 'drivers/a.c': before }, { 'drivers/a.c': after }],
] as const;

describe('attributes that call C files binary', () => {
  for (const [name, old, now] of cases) {
    it(`hide no line of a series of commits: ${name}`, sample(name === 'in the tree'), async () => {
      commit(old);
      commit(now);
      assert.deepEqual(await changedLines({}), [2]);
    });

    it(
      `hide no line of commits that are applied elsewhere, or of mails: ${name}`,
      sample(name === 'added by the patch'),
      async () => {
        commit(old);
        commit(now);
        assert.deepEqual(await changedLines({ base: 'HEAD~1' }), [2]);
        const mail = join(top, 'x.patch');
        writeFileSync(mail, git('-c', 'core.attributesFile=/dev/null', 'format-patch', '--text', '--stdout', '-1'));
        rmSync(join(top, 'scratch'), { recursive: true });
        assert.deepEqual(await changedLines({ names: [mail], base: 'HEAD~1' }), [2]);
      },
    );

    it(`hide no line since a revision: ${name}`, sample(name === 'in a folder'), async () => {
      commit(old);
      for (const [path, text] of Object.entries(now)) writeFileSync(join(tree, path), text);
      const { changedLines: lines } = await openSince(
        { folder: tree, name: tree, revision: 'HEAD', option: '--since', env: process.env },
        join(top, 'scratch'),
      );
      assert.deepEqual([...(lines.get('drivers/a.c') ?? [])], [2]);
    });
  }
});
