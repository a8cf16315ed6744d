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
