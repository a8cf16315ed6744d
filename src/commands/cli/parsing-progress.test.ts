import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsingProgress } from './parsing-progress.js';

describe('progress of an analysis', () => {
  const shown: (string | null)[] = [];
  const terminal = { showsProgress: true, progress: (text: string | null) => void shown.push(text) };

  it('says how many files are read and functions followed, ten times a second at most', () => {
    let time = 0;
    const tell = parsingProgress(terminal, () => time);
    for (const path of ['a.c', 'a.c', 'b.c', 'c.c']) {
      tell(path);
      time += 60;
    }
    assert.deepEqual(shown, ['scanning: 2 files read, 3 functions followed']);
  });

  it('is silent where nobody sees it', () => {
    parsingProgress({ ...terminal, showsProgress: false }, () => Number.POSITIVE_INFINITY)('a.c');
    assert.equal(shown.length, 1);
  });
});
