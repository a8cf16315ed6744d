import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { coreFiles, fixturesFolder } from '../../../dev/examples/example-tree.js';
import { edited, good, leak, path } from '../../../dev/examples/leaking-driver.js';
import { privateEnvironment } from '../../../dev/examples/run-command.js';
import { openMemory } from '../../../input/tree/tree.js';
import { defaultConfig } from '../../../lint/config/config.js';
import type { Finding } from '../../../lint/index.js';
import type { CommandContext } from '../../cli/context.js';
import { analyser } from '../../scan/analyse.js';
import { withOrigins } from './brought-in.js';

/** One commit: its subject, and the driver that it leaves; or all files. */
type Step = readonly [subject: string, files: Readonly<Record<string, string | null>>];

const core = Object.fromEntries(
  coreFiles.map((file) => [file, readFileSync(join(fixturesFolder, 'invalidate-mappings', file), 'utf8')]),
);
const driver = (text: string) => ({ [path]: text });
const leaking = edited(good, leak);
const tidied = (text: string) => edited(text, ['\tint ret;\n', '\tint ret = 0;\n']);
const moved = 'drivers/example/moved.c';

/** Histories, each on top of the core, the oldest commit first. */
const histories: Readonly<Record<string, readonly Step[]>> = {
  // What made the leak took a line out: no line of its own is left to be blamed.
  taken: [
    ['ex: add', driver(good)],
    ['ex: drop a detach', driver(leaking)],
    ['ex: tidy "up"', driver(tidied(leaking))],
    ['other: add', { 'drivers/other/other.c': 'int other;\n' }],
  ],
  added: [
    ['ex: add', driver(leaking)],
    ['ex: tidy', driver(tidied(leaking))],
  ],
  // Which of the two is to blame nobody can say by the lines of today.
  again: [
    ['ex: leak', driver(leaking)],
    ['ex: repair', driver(tidied(good))],
    ['ex: leak again', driver(tidied(leaking))],
  ],
  renamed: [
    ['ex: add', driver(leaking)],
    ['ex: another name', driver(leaking.replaceAll('ex_import', 'ex_get'))],
  ],
  moved: [
    ['ex: add', driver(leaking)],
    ['ex: move', { [path]: null, [moved]: leaking }],
  ],
  // The commit that hides it did not bring it in.
  hidden: [
    [
      'ex: add',
      driver(edited(leaking, ['\tattach = dma', '\t/* dmabuf-lint: ignore attach-leak -- known */\n\tattach = dma'])),
    ],
    ['ex: show', driver(leaking)],
  ],
};

let top: string;
let folder: string;
const context = { env: privateEnvironment(), cwd: '/' } as CommandContext;

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** All histories as one stream of git fast-import. */
function stream(): string {
  let mark = 0;
  const commit = (branch: string, from: number | null, [subject, files]: Step): string => {
    const changes = Object.entries(files).map(([name, text]) =>
      text === null ? `D ${name}\n` : `M 100644 inline ${name}\n${data(text)}`,
    );
    return [
      `commit refs/heads/${branch}\nmark :${++mark}\ncommitter A <a@example.org> ${1_700_000_000 + mark} +0000\n`,
      data(subject),
      from === null ? '' : `from :${from}\n`,
      ...changes,
    ].join('');
  };
  const base = commit('base', null, ['base', core]);
  const others = Object.entries(histories).flatMap(([branch, steps]) =>
    steps.map((step, index) => commit(branch, index === 0 ? 1 : mark, step)),
  );
  const root = commit('root', null, ['everything', { ...core, ...driver(leaking) }]);
  return [base, ...others, root].join('');
}

const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' } });

before(() => {
  top = mkdtempSync(join(tmpdir(), 'origin-'));
  folder = join(top, 'linux.git');
  execFileSync('git', ['init', '--quiet', '--bare', folder]);
  execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input: stream() });
});
after(() => rmSync(top, { recursive: true }));

/** The leak that a branch has in the end. */
async function leakIn(
  branch: string,
): Promise<{ readonly finding: Finding; textOf(file: string): string | undefined }> {
  const files: Record<string, string | null> = { ...core };
  for (const [, changed] of histories[branch] ?? [['', driver(leaking)]]) Object.assign(files, changed);
  const there = Object.entries(files).flatMap(([name, text]) => (text === null ? [] : [[name, text] as const]));
  const tree = openMemory('linux', Object.fromEntries(there));
  const { findings } = await analyser(defaultConfig, null)(tree, null);
  const finding = findings.find(({ rule }) => rule === 'attach-leak');
  return { finding: finding ?? assert.fail(branch), textOf: tree.read };
}

/** The subject of the commit that brought the leak of a branch in. */
async function culprit(
  branch: string,
  change: (finding: Finding) => Finding = (finding) => finding,
  uncommitted: readonly string[] = [],
): Promise<string | null> {
  const { finding, textOf } = await leakIn(branch);
  const revision = git('rev-parse', branch).trim();
  const request = { folder, revision, uncommitted: new Set(uncommitted), config: defaultConfig, cache: true, textOf };
  const commit = await withOrigins(request, context, async (search) => await search?.broughtIn(change(finding)));
  if (commit)
    assert.equal(
      commit.hash,
      git('log', '-1', '--abbrev=12', '--format=%h', `--grep=^${commit.subject}$`, branch).trim(),
    );
  return commit?.subject ?? null;
}

describe('the commit that brought a finding in', () => {
  it('has it, and its parent has not, whatever touched the lines later', async () => {
    assert.equal(await culprit('taken'), 'ex: drop a detach');
    assert.equal(await culprit('added'), 'ex: add');
    assert.equal(await culprit('again'), 'ex: leak again');
    assert.equal(await culprit('hidden'), 'ex: add');
  });

  it('is none where the history does not show it: at the first commit, under another name or path', async () => {
    for (const branch of ['root', 'renamed', 'moved']) assert.equal(await culprit(branch), null, branch);
  });

  it('is none of a finding that is not sure, of a file with changes, and of a history that is not whole', async () => {
    assert.equal(await culprit('taken', (finding) => ({ ...finding, confidence: 'low' })), null);
    assert.equal(await culprit('taken', undefined, [path]), null);
    writeFileSync(join(folder, 'shallow'), git('rev-parse', 'taken~3'));
    assert.equal(await culprit('taken'), null);
    rmSync(join(folder, 'shallow'));
    assert.equal(await culprit('taken'), 'ex: drop a detach');
  });
});
