import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { searchInParallel } from './parallel-search.js';
import { type SearchRequest, searchFiles } from './search.js';

const bufferSize = 1 << 20;
/** The end of the first piece of a file, where words are not longer than this. */
const pieceEnd = bufferSize + 160;

describe('searching files for words', () => {
  let root: string;
  const files: Readonly<Record<string, string>> = {
    'start.c': 'needle a',
    'end.c': 'a needle',
    'none.c': 'a need le',
    'empty.c': '',
    'exact.c': `${'x'.repeat(bufferSize - 6)}needle`,
    'almost.c': `${'x'.repeat(bufferSize - 7)}needle`,
    'across.c': `${'x'.repeat(bufferSize - 3)}needle`,
    'piece.c': `${'x'.repeat(pieceEnd - 6)}needle`,
    'pieces.c': `${'x'.repeat(pieceEnd - 3)}needle${'x'.repeat(bufferSize)}`,
    'large.c': `${'x'.repeat(3 * bufferSize)}needle`,
    'short.c': 'x',
    'both.h': 'needle and thread, and EXPORT_SYMBOL(not_in_a_header)',
    'exports.c':
      'EXPORT_SYMBOL(a);\nEXPORT_SYMBOL_GPL( b );\nEXPORT_SYMBOL_NS_GPL(\n\tc, "X");\nEXPORT_SYMBOL_FOR_MODULES(d, "e");\n/* EXPORT_SYMBOL */\nEXPORT_SYMBOL',
  };
  const paths = Object.keys(files);
  const request = (changes: Partial<SearchRequest> = {}): SearchRequest => ({
    root,
    paths,
    words: ['needle'],
    exports: false,
    ...changes,
  });

  before(() => {
    root = mkdtempSync(join(tmpdir(), 'search-'));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it('finds a word wherever it stands: first, last, at and across the end of the buffer, and far behind it', () => {
    assert.deepEqual(searchFiles(request()).hits, [
      ['start.c', 'end.c', 'exact.c', 'almost.c', 'across.c', 'piece.c', 'pieces.c', 'large.c', 'both.h'],
    ]);
  });

  it('does not see what an earlier file left in the buffer', () => {
    assert.deepEqual(searchFiles(request({ paths: ['large.c', 'short.c', 'empty.c', 'none.c'] })).hits, [['large.c']]);
  });

  it('answers for each word, in the order of the request', () => {
    assert.deepEqual(
      searchFiles(request({ words: ['thread', 'nowhere', 'needle'], paths: ['both.h', 'end.c'] })).hits,
      [['both.h'], [], ['both.h', 'end.c']],
    );
  });

  it('collects what is exported where pieces meet, once', () => {
    for (let before = pieceEnd - 200; before < pieceEnd + 20; before += 4) {
      writeFileSync(join(root, 'meet.c'), `${'x'.repeat(before)} EXPORT_SYMBOL_GPL(meeting);${'x'.repeat(300)}`);
      assert.deepEqual(searchFiles(request({ paths: ['meet.c'], exports: true })).exports, [['meeting', 'meet.c']]);
    }
  });

  it('collects what sources export, and only when asked', () => {
    const expected = ['a', 'b', 'c', 'd'].map((symbol) => [symbol, 'exports.c']);
    assert.deepEqual(searchFiles(request({ exports: true })).exports, expected);
    assert.deepEqual(searchFiles(request()).exports, []);
  });

  it('makes a problem of what cannot be read, and goes on', () => {
    const result = searchFiles(request({ paths: ['missing.c', '.', 'end.c'] }));
    assert.deepEqual(result.hits, [['end.c']]);
    assert.deepEqual(result.problems, [
      { path: 'missing.c', reason: 'cannot be read: ENOENT' },
      { path: '.', reason: 'cannot be read: EISDIR' },
    ]);
  });

  it('gives the same result in one thread and in several', async () => {
    // The same few files again and again: enough of them that threads are started where there are processors for it.
    const few = ['start.c', 'missing.c', 'end.c', 'exports.c', 'none.c', 'both.h'];
    const many = Array.from({ length: 15_000 }, (_, index) => few[index % few.length] ?? '');
    const asked = request({ paths: many, words: ['needle', 'thread'], exports: true });
    const result = await searchInParallel(asked);
    assert.deepEqual(result, searchFiles(asked));
    assert.equal(result.hits[1]?.length, 2500);
  });
});
