import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { type DocComment, docComments, readDocComment, writeDocComment } from '../../c/index.js';
import { amendComment } from '../../docs/comments/amend.js';
import { documentedComments } from '../../docs/comments/documented-comments.js';
import { type Statement, statementsOf } from '../../docs/comments/statements.js';
import { dmaBufCore } from '../../kernel/index.js';
import { kernelTree } from '../kernels/kernel.js';
import { dialects } from './rewordings.js';

/** How sentences of upstream's comment on the notify function begin, and the statement that is lost with each. */
const sentences: readonly (readonly [begin: string, statement: string])[] = [
  ['If the attachment is pinned', 'pinned'],
  ['Pinned importers may take', 'final'],
  ['1) Until', 'steps'],
  ['2) Until', 'steps'],
  ['All importers providing', 'bounded'],
  ['Pinned importers that do not', 'cannot'],
];

describe('the words of linux 7.x on the notify function', () => {
  const facts = dialects.now;
  let comment: DocComment;
  let statements: readonly Statement[];
  let missing: readonly string[];

  const missingFrom = (words: DocComment): readonly string[] =>
    amendComment(words, statements, []).outcomes.flatMap(({ kind, id }) => (kind === 'added' ? [id] : []));

  before(() => {
    const root = kernelTree('7.x');
    const comments = docComments(readFileSync(join(root, dmaBufCore), 'utf8'));
    const found = comments.find(({ subject }) => subject === facts.notify);
    const documented = documentedComments(facts).find(
      ({ subject }) => subject.kind === 'function' && subject.name === facts.notify,
    );
    assert.ok(found && documented);
    comment = found;
    statements = statementsOf(documented, facts, 77).current;
    missing = missingFrom(comment);
  });

  it('say what each sentence is listed for', () => {
    for (const [, statement] of sentences) assert.ok(!missing.includes(statement), statement);
  });

  for (const [begin, statement] of sentences)
    it(`are missed where this is deleted: ${begin}`, () => {
      const ends = /(?<=[.:])\s+(?=[A-Z])|\s+(?=\d\) )/;
      const lines = comment.blocks.flatMap(({ text }) => [
        '',
        text
          .split(ends)
          .filter((sentence) => !sentence.startsWith(begin))
          .join(' '),
      ]);
      const text = writeDocComment('', lines.slice(1));
      const without = readDocComment(text, 0, text.length);
      assert.ok(without);
      // Our steps say the order, too: with them nothing completes the words of others.
      const others = missing.filter((id) => statement !== 'steps' || id !== 'order');
      assert.deepEqual([...missingFrom(without)].sort(), [...others, statement].sort());
    });
});
