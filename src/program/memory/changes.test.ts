import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outlineFile, treeAttributeWords } from '../../c/index.js';
import { entriesOf } from './changes.js';

describe('what a file says of a name', () => {
  const entry = (text: string): string | undefined =>
    entriesOf(
      outlineFile(
        'a.h',
        text,
        treeAttributeWords(() => undefined, []),
      ),
    ).get('crate');

  const changes: Readonly<Record<string, string>> = {
    'the type of a member': 'struct crate { long lid; };',
    'the name of a member': 'struct crate { int top; };',
    'a member that becomes a pointer': 'struct crate { int *lid; };',
    'a member that becomes a function': 'struct crate { int (*lid)(void); };',
  };
  for (const [what, text] of Object.entries(changes))
    it(`differs by ${what}`, () => assert.notEqual(entry(text), entry('struct crate { int lid; };')));

  it('is the same for other blanks', () =>
    assert.equal(entry('struct crate {\n\tint lid;\n};'), entry('struct crate { int lid; };')));
});
