import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outputsOf } from './outputs.js';

const formats = ['text', 'gcc', 'json', 'sarif'] as const;
type Format = (typeof formats)[number];
const usual = { terminal: 'gcc', file: 'gcc' } as const;

function outputs(output: readonly string[], format?: Format) {
  return outputsOf<Format>(formats, { output, ...(format ? { format } : {}) }, usual);
}

describe('what goes where', () => {
  it('is one format on the terminal, where nothing else is said', () => {
    assert.deepEqual(outputs([]), { terminal: 'gcc', files: [] });
    assert.deepEqual(outputs([], 'json'), { terminal: 'json', files: [] });
  });

  it('is what --format says in the file, and the usual on the terminal', () => {
    assert.deepEqual(outputs(['out'], 'json'), { terminal: 'gcc', files: [{ format: 'json', path: 'out' }] });
    assert.deepEqual(outputs(['out']), { terminal: 'gcc', files: [{ format: 'gcc', path: 'out' }] });
  });

  it('is as many formats as there are files for', () => {
    const files = [
      { format: 'sarif', path: 'a.sarif' },
      { format: 'json', path: 'b' },
    ];
    assert.deepEqual(outputs(['sarif=a.sarif', 'json=b']), { terminal: 'gcc', files });
    assert.deepEqual(outputs(['sarif=a.sarif', 'json=b'], 'text'), { terminal: 'text', files });
  });

  it('takes a name with a slash before the equals sign for a file', () => {
    assert.deepEqual(outputs(['./x=y']).files, [{ format: 'gcc', path: './x=y' }]);
  });

  it('refuses what cannot be meant', () => {
    assert.throws(() => outputs(['serif=a']), /^Error: --output serif=a: unknown format 'serif'.*sarif/);
    assert.throws(() => outputs(['x=y']), /unknown format 'x'; there are: text, gcc, json, sarif$/);
    assert.throws(() => outputs(['a', 'b']), /--output b: only one file can have the output of --format/);
    assert.throws(() => outputs(['json=a', 'sarif=a']), /--output a: is named twice/);
    assert.throws(() => outputs(['']), /the name of the file is missing/);
    assert.throws(() => outputs(['json=']), /the name of the file is missing/);
  });
});
