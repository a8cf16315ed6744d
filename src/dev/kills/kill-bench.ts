import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ExampleRepository, makeRepository } from '../examples/example-repository.js';
import { copyFixture } from '../examples/example-tree.js';
import { filesIn, type Snapshot } from './snapshot.js';

/** A small tree in a git repository, and folders for all that a command writes beside it. */
export interface KillBench {
  readonly tree: string;
  readonly out: string;
  readonly mailbox: string;
  readonly env: NodeJS.ProcessEnv;
  /** The folder for temporary files, by which the processes of a command are found. */
  readonly tmp: string;
  /** All that a command may change: the tree with its repository, and the folder for output. */
  look(): Snapshot;
  /** Puts all back, and empties the cache and the folder for temporary files. */
  restore(): void;
}

const driver = 'drivers/rnic/unmarked';

/** Makes one in a folder that is there. */
export function makeBench(top: string): KillBench {
  const tree = join(top, 'tree');
  const [out, tmp, cache] = ['out', 'tmp', 'cache'].map((name) => join(top, name)) as [string, string, string];
  const repository: ExampleRepository = makeRepository(tree, 'marker-field');
  rmSync(join(tree, '.git/hooks'), { recursive: true, force: true });
  copyFixture('marker-field', tree, [driver]);
  repository.commit('rnic: a driver with a finding that can be fixed');
  repository.git('gc', '--quiet');
  const mailbox = join(top, 'series.mbox');
  writeFileSync(mailbox, repository.git('format-patch', '--stdout', '-1'));
  const places = [tree, out];
  const before = places.map((place) => [place, filesIn(place)] as const);
  const env = {
    ...process.env,
    XDG_CACHE_HOME: cache,
    TMPDIR: tmp,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_COMMITTER_NAME: 'A. Developer',
    GIT_COMMITTER_EMAIL: 'dev@example.org',
  };
  return {
    tree,
    out,
    mailbox,
    env,
    tmp,
    look: () =>
      new Map(places.flatMap((place) => [...filesIn(place)].map(([path, text]) => [join(place, path), text]))),
    restore() {
      for (const folder of [tmp, cache]) rmSync(folder, { recursive: true, force: true });
      for (const [place, files] of before) {
        rmSync(place, { recursive: true, force: true });
        mkdirSync(place);
        for (const [path, text] of files) {
          mkdirSync(dirname(join(place, path)), { recursive: true });
          writeFileSync(join(place, path), text, 'latin1');
        }
      }
      // Git wants it to be there, though it is empty.
      mkdirSync(join(tree, '.git/refs/heads'), { recursive: true });
      mkdirSync(tmp);
    },
  };
}

/** A command that writes. */
export interface KillCommand {
  readonly name: string;
  args(bench: KillBench): readonly string[];
}

/** Every command that writes, and every kind of output. `setup`, `completion` and the others write to standard output only. */
export const killCommands: readonly KillCommand[] = [
  { name: 'scan --fix', args: ({ tree }) => ['scan', tree, '--fix'] },
  { name: 'scan --fix-patch', args: ({ tree, out }) => ['scan', tree, '--fix-patch', join(out, 'fixes')] },
  {
    name: 'scan --output',
    args: ({ tree, out }) => [
      ...['scan', tree, '--since', 'HEAD~1'],
      ...['--output', `json=${join(out, 'a.json')}`, '--output', `sarif=${join(out, 'b/a.sarif')}`],
    ],
  },
  { name: 'baseline', args: ({ tree }) => ['baseline', tree] },
  { name: 'docs --out', args: ({ tree, out }) => ['docs', tree, '--out', join(out, 'docs')] },
  { name: 'docs --write', args: ({ tree }) => ['docs', tree, '--write'] },
  {
    name: 'series of a range --output',
    args: ({ tree, out }) => ['series', 'HEAD~1..HEAD', '--tree', tree, '--output', `json=${join(out, 'series.json')}`],
  },
  {
    name: 'series of a mailbox --output',
    args: ({ tree, out, mailbox }) => [
      ...['series', mailbox, '--tree', tree, '--base', 'HEAD~1'],
      ...['--output', `sarif=${join(out, 'series.sarif')}`],
    ],
  },
  {
    name: 'matrix --output',
    args: ({ tree, out }) => ['matrix', tree, '--format', 'html', '--output', join(out, 'matrix.html')],
  },
];
