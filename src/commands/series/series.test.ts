import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ExampleRepository, makeRepository } from '../../dev/examples/example-repository.js';
import { run as runCommand } from '../../dev/examples/run-command.js';
import { everyKind, onlyInCi, sample } from '../../dev/run/cases.js';

const driver = `#include <linux/dma-buf.h>
#include <linux/dma-resv.h>

static const struct dma_buf_attach_ops ex_ops = { .allow_peer2peer = true };

int ex_import(struct ex_buf *buf, struct dma_buf *dmabuf)
{
	int ret;

	buf->attach = dma_buf_dynamic_attach(dmabuf, buf->dev, &ex_ops, buf);
	if (IS_ERR(buf->attach))
		return PTR_ERR(buf->attach);

	dma_resv_lock(dmabuf->resv, NULL);
	ret = dma_buf_pin(buf->attach);
	dma_resv_unlock(dmabuf->resv);
	if (ret)
		dma_buf_detach(dmabuf, buf->attach);
	return ret;
}

void ex_release(struct ex_buf *buf)
{
	dma_resv_lock(buf->attach->dmabuf->resv, NULL);
	dma_buf_unpin(buf->attach);
	dma_resv_unlock(buf->attach->dmabuf->resv);
	dma_buf_detach(buf->attach->dmabuf, buf->attach);
}
`;

let top: string;
let repository: ExampleRepository;
let mails: string;

/** Runs the command without a cache, so that no run knows of another. */
const run = (args: readonly string[], stdin: Buffer | string = '', env: Readonly<Record<string, string>> = {}) =>
  runCommand(['series', '--no-cache', ...args], { cwd: repository.folder, stdin, env });

interface Json {
  readonly base: string | null;
  readonly patches: readonly {
    readonly index: number;
    readonly subject: string;
    readonly commit: string | null;
    readonly introduced: readonly { readonly rule: string }[];
    readonly fixed: readonly { readonly rule: string }[];
    readonly unchanged: number;
  }[];
  readonly series: readonly { readonly rule: string; readonly patch: number | null }[];
}

async function judge(args: readonly string[], input?: Buffer | string): Promise<Json> {
  const { stdout, stderr } = await run(['--format', 'json', ...args], input);
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout) as Json;
}

let first: Promise<Json> | undefined;
/** What is said of the topic branch, which no test changes. */
function judgeTopic(): Promise<Json> {
  first ??= judge(['main..topic']);
  return first;
}

/** What each patch brings and mends, without what differs between mails and commits. */
function essence({ patches, series }: Json) {
  return {
    patches: patches.map(({ commit: _, ...patch }) => patch),
    series: series.map(({ rule, patch }) => ({ rule, patch })),
  };
}

/** Everything in a repository that a run must leave as it is. */
function state(): string {
  const { git, folder } = repository;
  const hash = createHash('sha256').update(readFileSync(join(folder, '.git/index')));
  for (const question of [
    ['status', '--porcelain'],
    ['rev-parse', 'HEAD'],
    ['stash', 'list'],
    ['for-each-ref'],
    ['count-objects', '-v'],
    ['worktree', 'list'],
  ])
    hash.update(git('--no-optional-locks', ...question));
  return hash.digest('hex');
}

before(() => {
  top = mkdtempSync(join(tmpdir(), 'series-'));
  repository = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  repository.git('checkout', '--quiet', '-b', 'topic');
  repository.write('drivers/example/example.c', driver);
  repository.commit('example: an importer that pins');
  repository.edit(
    'drivers/example/example.c',
    '\tret = dma_buf_pin(buf->attach);',
    '\tdma_buf_pin(buf->attach);\n\tret = 0;',
  );
  repository.commit('example: pins do not fail');
  repository.edit(
    'drivers/example/example.c',
    '\tdma_buf_pin(buf->attach);\n\tret = 0;',
    '\tret = dma_buf_pin(buf->attach);',
  );
  repository.commit('example: pins do fail');
  mails = join(top, 'mails');
  repository.git('format-patch', '--quiet', '-o', mails, 'main..topic');
});
after(() => rmSync(top, { recursive: true, force: true }));

const mbox = () => repository.git('format-patch', '--stdout', 'main..topic');

describe('series', () => {
  it('tells at each patch what it introduces and fixes, and what would break a bisection', async () => {
    assert.deepEqual(
      (await judgeTopic()).patches.map(({ index, subject, introduced, fixed }) => ({
        index,
        subject,
        introduced: introduced.map(({ rule }) => rule),
        fixed: fixed.map(({ rule }) => rule),
      })),
      [
        { index: 1, subject: 'example: an importer that pins', introduced: [], fixed: [] },
        { index: 2, subject: 'example: pins do not fail', introduced: ['pin-unchecked'], fixed: [] },
        { index: 3, subject: 'example: pins do fail', introduced: [], fixed: ['pin-unchecked'] },
      ],
    );
    assert.deepEqual(
      (await judgeTopic()).series.map(({ rule, patch }) => `${patch} ${rule}`),
      ['2 bisect-hazard'],
    );
  });

  it('says the same of a range, a mailbox, a folder, files and standard input', async () => {
    repository.git('checkout', '--quiet', 'main');
    const expected = essence(await judgeTopic());
    const file = join(top, 'series.mbox');
    writeFileSync(file, mbox());
    const files = readdirSync(mails).map((name) => join(mails, name));
    assert.deepEqual(essence(await judge([file])), expected, 'mailbox');
    assert.deepEqual(essence(await judge(['-'], mbox())), expected, 'standard input');
    if (everyKind) {
      assert.deepEqual(essence(await judge([mails])), expected, 'folder');
      assert.deepEqual(essence(await judge(files)), expected, 'files');
    }
    repository.git('checkout', '--quiet', 'topic');
  });

  it('takes the commits since the upstream branch where nothing is named', async () => {
    assert.deepEqual(await judge([]), await judgeTopic());
  });

  it('applies mails to the base that is named, whatever is checked out', async () => {
    assert.equal(
      (await judge(['-', '--base', 'main'], mbox())).series.filter(({ rule }) => rule !== 'bisect-hazard').length,
      0,
    );
  });

  it('works on an unpacked tree without git', async () => {
    const plain = join(top, 'plain');
    repository.git('checkout', '--quiet', 'main');
    cpSync(repository.folder, plain, { recursive: true, filter: (path) => !path.endsWith('/.git') });
    const expected = essence(await judgeTopic());
    const result = await judge(['-', '--tree', plain], mbox());
    repository.git('checkout', '--quiet', 'topic');
    assert.deepEqual(essence(result), expected);
    assert.equal(result.base, null);
  });

  it('leaves work tree, index, branches, stash and objects as they are', async () => {
    const before = state();
    await run(['main..topic']);
    await run(['-', '--base', 'main'], mbox());
    await run(['-', '--format', 'b4'], mbox());
    assert.equal(state(), before);
  });

  it('reads a revision though the work tree has changes and files of its own', async () => {
    const expected = await judgeTopic();
    repository.write('drivers/example/example.c', 'what is being written\n');
    repository.write('drivers/example/untracked.c', driver.replace('ret = dma_buf_pin', 'dma_buf_pin'));
    const result = await judge(['main..topic']);
    repository.git('checkout', '--quiet', '--', '.');
    rmSync(join(repository.folder, 'drivers/example/untracked.c'));
    assert.deepEqual(result, expected);
  });

  it('is silent, and exits with 0, where a range does nothing to the contract', async () => {
    repository.git('checkout', '--quiet', '-b', 'elsewhere', 'main');
    repository.write('fs/some.c', 'int some_file(void)\n{\n\treturn 0;\n}\n');
    repository.commit('fs: something else');
    const { code, stdout, stderr } = await run(['main..elsewhere']);
    repository.git('checkout', '--quiet', 'topic');
    assert.deepEqual([code, stdout, stderr], [0, '', '']);
  });

  it('exits with 1 where a patch brings something as bad as --fail-on', async () => {
    assert.equal((await run(['main..topic'])).code, 0, 'warnings only');
    assert.equal((await run(['main..topic', '--fail-on', 'warning'])).code, 1);
  });

  it('shows only what is new, and what was there before when asked', async () => {
    repository.git('checkout', '--quiet', '-b', 'later', 'topic~1');
    repository.write('drivers/example/second.c', driver.replaceAll('ex_', 'ey_'));
    repository.commit('example: a second importer');
    const short = (await run(['topic~1..later', '--format', 'text'])).stdout;
    const long = (await run(['topic~1..later', '--format', 'text', '--all'])).stdout;
    repository.git('checkout', '--quiet', 'topic');
    assert.match(short, /0 warnings, 0 notes new; 0 fixed; 1 old finding left out/);
    assert.doesNotMatch(short, /pin-unchecked/);
    assert.match(long, /pin-unchecked/);
  });

  it(
    'judges each patch on the tree of its own commit for b4, though the branch stands at the last one',
    onlyInCi,
    async () => {
      const [first = '', second = '', third = ''] = mbox().split(/^(?=From [0-9a-f]{40} )/m);
      const answers = await Promise.all([first, second, third].map((mail) => run(['-', '--format', 'b4'], mail)));
      assert.deepEqual(
        answers.map(({ stderr }) => stderr),
        ['', '', ''],
      );
      assert.equal(answers[0]?.stdout, '');
      assert.match(answers[1]?.stdout ?? '', /^drivers\/example\/example\.c:15: WARNING:PIN_UNCHECKED: [^\n]*\n$/);
      assert.equal(answers[2]?.stdout, '');
    },
  );

  it('reads from git what a sparse checkout leaves out', onlyInCi, async () => {
    const expected = await judgeTopic();
    repository.git('sparse-checkout', 'set', '--no-cone', '/*', '!/drivers/example', '!/include');
    const result = await judge(['main..topic']);
    repository.git('sparse-checkout', 'disable');
    assert.deepEqual(result, expected);
  });

  it('works in a bare repository', onlyInCi, async () => {
    const bare = join(top, 'bare.git');
    repository.git('clone', '--quiet', '--bare', '.', bare);
    assert.deepEqual(await judge(['main..topic', '--tree', bare]), await judgeTopic());
  });

  it('follows a renamed file: what was wrong in it before is not new', async () => {
    repository.git('checkout', '--quiet', '-b', 'renamed', 'topic~1');
    repository.git('mv', 'drivers/example/example.c', 'drivers/example/import.c');
    repository.commit('example: call it what it is');
    const range = await judge(['topic~1..renamed']);
    const mail = await judge(
      ['-', '--base', 'topic~1'],
      repository.git('format-patch', '-M', '--stdout', 'topic~1..renamed'),
    );
    const onTop = await judge(['topic~1..topic', '--merge-with', 'topic~1..renamed']);
    repository.git('checkout', '--quiet', 'topic');
    assert.deepEqual(onTop.series, []);
    assert.deepEqual(
      onTop.patches.map(({ introduced, fixed }) => [introduced.length, fixed.length]),
      [[0, 1]],
    );
    for (const { patches } of [range, mail]) {
      assert.deepEqual([patches[0]?.introduced, patches[0]?.fixed, patches[0]?.unchanged], [[], [], 1]);
    }
  });

  it('counts a merge as one patch, with all that it brings', onlyInCi, async () => {
    repository.git('checkout', '--quiet', '-b', 'merging', 'main');
    repository.write('fs/other.c', 'int other;\n');
    repository.commit('fs: something else');
    repository.git('merge', '--quiet', '--no-ff', '--message', 'Merge topic', 'topic~1');
    const { patches } = await judge(['main..merging']);
    repository.git('checkout', '--quiet', 'topic');
    assert.deepEqual(
      patches.map(({ subject, introduced }) => [subject, ...introduced.map(({ rule }) => rule)]),
      [['fs: something else'], ['Merge topic', 'pin-unchecked']],
    );
  });

  it('catches a user of an old name on top of the queued rename', onlyInCi, async () => {
    repository.git('checkout', '--quiet', '-b', 'rename', 'main');
    for (const path of ['include/linux/dma-buf.h', 'drivers/dma-buf/dma-buf.c'])
      repository.edit(path, 'dma_buf_invalidate_mappings', 'dma_buf_revoke_mappings');
    repository.commit('dma-buf: rename dma_buf_invalidate_mappings()');
    repository.git('checkout', '--quiet', '-b', 'user', 'main');
    repository.write(
      'drivers/example/mover.c',
      '#include <linux/dma-buf.h>\n\nvoid mover_move(struct dma_buf *dmabuf)\n{\n\tdma_resv_assert_held(dmabuf->resv);\n\tdma_buf_invalidate_mappings(dmabuf);\n}\n',
    );
    repository.commit('example: a new user');
    const alone = await judge(['main..user']);
    const onTop = await judge(['main..user', '--merge-with', 'main..rename']);
    const turned = await judge(['main..rename', '--merge-with', 'main..user']);
    repository.git('checkout', '--quiet', 'topic');
    const rules = ({ series }: Json) => series.map(({ rule }) => rule);
    assert.deepEqual(rules(alone), []);
    assert.deepEqual(rules(onTop), ['rename-leftover']);
    assert.ok(rules(turned).includes('rename-leftover'));
  });
});

describe('series refuses in one line, with exit code 2', () => {
  const refused: Readonly<Record<string, readonly [args: readonly string[], input: string, message: RegExp]>> = {
    'a range that does not exist': [['nowhere..topic'], '', /nowhere: no such revision in /],
    'a name that is neither file nor revision': [['nowhere'], '', /nowhere: no such file, and no such revision in /],
    'an empty range': [['topic..topic'], '', /topic\.\.topic: has no commits; /],
    'an option in disguise': [['--', '--output=x'], '', /--output=x: is not a range/],
    'an empty input': [['-'], '', /-: /],
    'a web page': [['-'], '<!DOCTYPE html>\n<html><body>series</body></html>\n', /-: .*(web page|HTML)/],
    'text that is no mail': [['-'], 'just some words\n', /-: /],
    'a base that does not exist': [['-', '--base', 'nowhere'], 'MBOX', /nowhere: no such revision in /],
    'a tree that does not exist': [['-', '--tree', 'nowhere'], 'MBOX', /nowhere: no such folder/],
    'a file that does not exist': [['main..topic', 'missing.patch'], '', /main\.\.topic|missing\.patch/],
  };
  for (const [what, [args, input, message]] of Object.entries(refused))
    it(what, async () => {
      const { code, stdout, stderr } = await run(args, input === 'MBOX' ? mbox() : input);
      assert.match(stderr, message);
      assert.match(stderr, /^dmabuf-lint: [^\n]+\n$/);
      assert.deepEqual([stdout, code], ['', 2]);
    });

  it('where git is not installed', async () => {
    const empty = join(top, 'no-programs');
    mkdirSync(empty, { recursive: true });
    const { code, stdout, stderr } = await run(['main..topic'], '', { PATH: empty });
    assert.deepEqual(
      [stderr, stdout, code],
      ['dmabuf-lint: git: not found; install git, or scan the tree with `scan`\n', '', 2],
    );
  });
});

describe('series goes on with what can be judged', () => {
  const head = 'From: A. Developer <dev@example.org>\nSubject: [PATCH] something\n\nwords\n---\n\n';
  const cases: Readonly<Record<string, readonly [diff: string, message: RegExp]>> = {
    'where a hunk does not apply': [
      'diff --git a/drivers/dma-buf/dma-buf.c b/drivers/dma-buf/dma-buf.c\n--- a/drivers/dma-buf/dma-buf.c\n+++ b/drivers/dma-buf/dma-buf.c\n@@ -7,2 +7,3 @@\n not there\n+new\n nor this\n',
      /^drivers\/dma-buf\/dma-buf\.c:7:1: error: patch 1 does not apply to [0-9a-f]{12}: the hunk: the lines that it expects are not there/,
    ],
    'where a path leads out of the tree': [
      'diff --git a/../../outside.c b/../../outside.c\nnew file mode 100644\n--- /dev/null\n+++ b/../../outside.c\n@@ -0,0 +1 @@\n+int outside;\n',
      /\.\.\/\.\.\/outside\.c:1:1: error: patch 1 does not apply to [0-9a-f]{12}: this file: refused: /,
    ],
    'where a path is absolute': [
      'diff --git a//etc/outside.c b//etc/outside.c\nnew file mode 100644\n--- /dev/null\n+++ b//etc/outside.c\n@@ -0,0 +1 @@\n+int outside;\n',
      /\/etc\/outside\.c:1:1: error: patch 1 does not apply to [0-9a-f]{12}: this file: refused: /,
    ],
    'where there is no such file': [
      'diff --git a/drivers/none.c b/drivers/none.c\n--- a/drivers/none.c\n+++ b/drivers/none.c\n@@ -1 +1 @@\n-old\n+new\n',
      /^drivers\/none\.c:1:1: error: patch 1 does not apply to [0-9a-f]{12}: this file: there is no such file/,
    ],
    'where a binary patch lacks its content': [
      'diff --git a/logo.png b/logo.png\nindex 1111111..2222222 100644\nBinary files a/logo.png and b/logo.png differ\n',
      /^logo\.png:1:1: error: patch 1 does not apply to [0-9a-f]{12}: this file: /,
    ],
  };
  for (const [what, [diff, message]] of Object.entries(cases))
    it(what, sample(/hunk|leads out/.test(what)), async () => {
      const { code, stdout } = await run(['-', '--base', 'main'], `${head}${diff}-- \n2.39.5\n`);
      assert.match(stdout, message);
      assert.match(stdout, /\[series-does-not-apply\]\n/);
      assert.equal(code, 1);
    });

  const harmless: Readonly<Record<string, string>> = {
    'a mode change': 'diff --git a/Makefile b/Makefile\nold mode 100644\nnew mode 100755\n',
    'a submodule': `diff --git a/sub b/sub\nnew file mode 160000\nindex 0000000..${'1'.repeat(7)}\n--- /dev/null\n+++ b/sub\n@@ -0,0 +1 @@\n+Subproject commit ${'1'.repeat(40)}\n`,
    'a symbolic link':
      'diff --git a/link.c b/link.c\nnew file mode 120000\n--- /dev/null\n+++ b/link.c\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n',
  };
  for (const [what, diff] of Object.entries(harmless))
    it(`and has nothing to say of ${what}`, sample(what === 'a symbolic link'), async () => {
      const { code, stdout, stderr } = await run(['-', '--base', 'main'], `${head}${diff}-- \n2.39.5\n`);
      assert.deepEqual([stdout, stderr, code], ['', '', 0]);
    });
});
