import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readText } from '../git/blobs.js';
import { startPatching } from '../git/patching.js';

const path = 'drivers/example/example.c';
/** Twenty lines, so that two hunks fit. */
const numbered = (change: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: 20 }, (_, index) => `${change[index + 1] ?? `line ${index + 1}`}\n`).join('');

describe('a patch for a file that has changed', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'anyway-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The diff from one text to another, and the store that has both where it is to be known. */
  function made(from: string, to: string): { readonly diff: Buffer; readonly objects: string } {
    const store = join(folder, 'store');
    mkdirSync(store, { recursive: true });
    const git = (args: readonly string[], input = ''): string =>
      execFileSync('git', [...args], { cwd: store, input, encoding: 'utf8' }).trim();
    git(['init', '--quiet', '.']);
    const [before = '', after = ''] = [from, to].map((text) => git(['hash-object', '-w', '--stdin'], text));
    const header = `diff --git a/${path} b/${path}\nindex ${before}..${after} 100644\n--- a/${path}\n+++ b/${path}\n`;
    const hunks = git(['diff', before, after]).replace(/^[^@]*/, '');
    return { diff: Buffer.from(`${header}${hunks}\n`), objects: join(store, '.git', 'objects') };
  }

  /** Applies a diff to a tree with one file. */
  async function applied(present: string, { diff, objects }: { readonly diff: Buffer; readonly objects?: string }) {
    const patching = await startPatching(
      {
        objects: objects === undefined ? [] : [objects],
        objectFormat: 'sha1',
        file: (name) => (name === path ? { mode: '100644', bytes: Buffer.from(present) } : null),
      },
      folder,
      process.env,
    );
    const { changes, failures, done } = await patching.apply(diff);
    const [change] = changes;
    const text = change?.after ? await readText(path, change.after, patching.git) : null;
    return { text, done, failures: failures.map(({ line, hunk, reason }) => ({ line, hunk, reason })) };
  }

  it('is done where the file has the change', async () => {
    const { diff } = made(numbered(), numbered({ 5: 'five' }));
    const { text, done, failures } = await applied(numbered({ 5: 'five', 15: 'other' }), { diff });
    assert.deepEqual([text, done, failures], [null, [path], []]);
  });

  it('is merged where git has the file that it was made for', async () => {
    const patch = made(numbered(), numbered({ 5: 'five', 15: 'fifteen' }));
    const { text, done, failures } = await applied(numbered({ 5: 'five', 2: 'two' }), patch);
    assert.deepEqual([done, failures], [[], []]);
    assert.equal(text, numbered({ 5: 'five', 2: 'two', 15: 'fifteen' }));
  });

  it('is merged, too, where two branches take away the same lines', async () => {
    const without = numbered().replace('line 9\nline 10\n', '');
    const patch = made(numbered(), without);
    const { text, done, failures } = await applied(without.replace('line 6', 'six'), patch);
    assert.deepEqual([text, done, failures], [null, [path], []]);
  });

  it('is merged where both branches take away the same function, or rename a thing alike', async () => {
    const part = numbered().slice(numbered().indexOf('line 4'), numbered().indexOf('line 13'));
    const shorter = made(numbered(), numbered({ 17: 'seventeen' }).replace(part, ''));
    assert.deepEqual(await applied(numbered({ 2: 'two' }).replace(part, ''), shorter), {
      text: numbered({ 2: 'two', 17: 'seventeen' }).replace(part, ''),
      done: [],
      failures: [],
    });
    const renamed = made(numbered(), numbered({ 4: 'new 4', 12: 'new 12', 17: 'seventeen' }));
    assert.deepEqual(await applied(numbered({ 4: 'new 4', 12: 'new 12' }), renamed), {
      text: numbered({ 4: 'new 4', 12: 'new 12', 17: 'seventeen' }),
      done: [],
      failures: [],
    });
  });

  it('does not remove a file that has changed, and shows the line', async () => {
    const { diff } = made(numbered(), '');
    const removal = diff
      .toString()
      .replace('100644\n', '100644\ndeleted file mode 100644\n')
      .replace(/index (\w+)\.\.\w+ 100644\n(.*\n)/, '$2index $1..0000000\n')
      .replace(/^\+\+\+ .*$/m, '+++ /dev/null');
    const reason = "it removes a file that has changed: line 6 is 'six', where it expects 'line 6'";
    const { failures } = await applied(numbered({ 6: 'six' }), { diff: Buffer.from(removal) });
    assert.deepEqual(failures, [{ line: 6, hunk: 1, reason }]);
    assert.deepEqual((await applied(numbered(), { diff: Buffer.from(removal) })).failures, []);
  });

  it('does not remove a file without knowing its lines', async () => {
    const removal = [`diff --git a/${path} b/${path}`, 'deleted file mode 100644', 'index 1234567..0000000', ''].join(
      '\n',
    );
    const { text, failures } = await applied(numbered(), { diff: Buffer.from(removal) });
    assert.equal(text, null);
    assert.deepEqual(failures, [
      {
        line: null,
        hunk: null,
        reason:
          'the patch removes it without its lines, as `git format-patch --irreversible-delete` does, and git am refuses that',
      },
    ]);
  });

  it('is applied but for the hunk that conflicts, whose first wrong line is shown', async () => {
    const patch = made(numbered(), numbered({ 3: 'three', 17: 'seventeen' }));
    const { text, failures } = await applied(numbered({ 3: 'drei' }), patch);
    assert.equal(text, numbered({ 3: 'drei', 17: 'seventeen' }));
    const reason = "the lines that it expects are not there: line 3 is 'drei', where it expects 'line 3'";
    assert.deepEqual(failures, [{ line: 3, hunk: 1, reason }]);
  });

  it('says no line where the file is another one', async () => {
    const { diff } = made(numbered(), numbered({ 3: 'three' }));
    const { failures } = await applied('another\nfile\n'.repeat(20), { diff });
    assert.deepEqual(failures, [{ line: 1, hunk: 1, reason: 'the lines that it expects are not there' }]);
  });
});
