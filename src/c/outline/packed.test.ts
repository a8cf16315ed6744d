import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { filesBelow, fixturesFolder } from '../../dev/examples/example-tree.js';
import { lowerFunction } from '../lower/lower.js';
import { treeAttributeWords } from '../prepare/attributes.js';
import { outlineFile } from './outline.js';
import { packFile, unpackFile } from './packed.js';

const attributes = treeAttributeWords(() => undefined, []);

/** Packs a file, writes it as JSON, and restores it. */
function thereAndBack(text: string): void {
  const file = outlineFile('drivers/a.c', text, attributes);
  const functions = file.unit.functions.map((outline) => lowerFunction(file, outline, attributes));
  const packed = packFile(file, functions);
  assert.ok(packed);
  const stored = JSON.parse(JSON.stringify(packed));
  assert.deepEqual(unpackFile('drivers/a.c', text, stored), file);
  assert.deepEqual(stored.functions, functions);
}

describe('a file that is packed and unpacked', () => {
  const sources = filesBelow(fixturesFolder).filter((path) => /\.[ch]$/.test(path));

  it('is what it was, for every file of the fixture trees', () => {
    assert.ok(sources.length > 50);
    for (const path of sources) thereAndBack(readFileSync(join(fixturesFolder, path), 'utf8'));
  });

  it('is what it was with tabs and carriage returns between what is hidden', () => {
    thereAndBack('int a; /* x */\t/* y */\r\n\t#define B "c\t"\t\r\nint d;\r\n');
    thereAndBack('#if 0\n\tint a;\n\n#endif\t\nint b; // c\n');
  });

  it('is what it was, whatever it holds', () => {
    const piece = fc.constantFrom(
      '/*',
      '*/',
      '"',
      "'",
      '\\',
      '\r',
      '\n',
      '\t',
      ' ',
      '#if 0\n',
      '#endif\n',
      'a',
      '{',
      '}',
      '//',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => thereAndBack(pieces.join(''))),
      { numRuns: 2000 },
    );
  });
});
