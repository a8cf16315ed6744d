import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DocComment, readDocComment, writeDocComment } from '../../c/index.js';
import { type Amended, amendComment } from '../../docs/comments/amend.js';
import { type DocumentedComment, documentedComments } from '../../docs/comments/documented-comments.js';
import { subjectText } from '../../docs/comments/staleness.js';
import { folded, type Statement, statementsOf } from '../../docs/comments/statements.js';
import { dialects, type RewordedDialect, readRewordings } from './rewordings.js';

const rewordings = readRewordings();
const width = 77;

/** The paragraphs of a comment by what they say. Those of nobody come first. */
type Paragraphs = ReadonlyMap<Statement | null, readonly string[]>;

/** A comment that makes all statements in our words, but for those that complete another one. */
function wholeComment(statements: readonly Statement[]): Paragraphs {
  const plain = statements.filter(({ completes }) => completes === null);
  return new Map([[null, ['the title', 'Words of others.']], ...plain.map((each) => [each, each.blocks] as const)]);
}

function commentOf(paragraphs: Paragraphs): DocComment {
  const lines = [...paragraphs.values()].flat().flatMap((block) => ['', ...block.split('\n')]);
  const text = writeDocComment('', ['subject - ', ...lines]);
  const comment = readDocComment(text, 0, text.length);
  assert.ok(comment, text);
  return comment;
}

/** What is told of a comment: the statements that are missing, and those that something contradicts. */
function told(paragraphs: Paragraphs, statements: readonly Statement[]): readonly string[] {
  const { outcomes }: Amended = amendComment(commentOf(paragraphs), statements, []);
  return outcomes.filter(({ kind }) => kind !== 'kept').map(({ kind, id }) => `${kind} ${id}`);
}

/** The other words for a statement. Where only names differ they stand under those of today. */
function reworded(dialect: RewordedDialect, comment: DocumentedComment, { id }: Statement): readonly string[] {
  const { callback, notify } = dialects[dialect];
  const key = `${subjectText(comment).replace('DOC: ', 'DOC ')} / ${id}`;
  const own = rewordings[dialect][key];
  if (own) return own;
  const today = (text: string): string =>
    text.replace(notify, dialects.now.notify).replace(`.${callback}`, `.${dialects.now.callback}`);
  const others = rewordings.now[today(key)] ?? rewordings.old[key] ?? [];
  return others.map((text) => text.replaceAll(dialects.now.notify, notify).replaceAll(dialects.now.callback, callback));
}

/** Says what to wait for, as other people would, and not in which order or under which lock. */
const waitsOnly =
  'Importers may access the memory until its fences have signaled, and read it until they unmap. Wait for both.';

/** The paragraphs in which a statement can be missing: with one that completes another, that is reworded. */
function around(statement: Statement, statements: readonly Statement[]): Paragraphs {
  const whole = new Map(wholeComment(statements));
  const completed = statements.find(({ id }) => id === statement.completes);
  if (!completed) return whole;
  whole.set(completed, [waitsOnly]);
  return whole.set(statement, statement.blocks);
}

for (const dialect of ['old', 'now', 'marker'] as const)
  for (const comment of documentedComments(dialects[dialect])) {
    const { current } = statementsOf(comment, dialects[dialect], width);
    for (const statement of current)
      describe(`${dialect}: ${subjectText(comment)} tells ${statement.tells}`, () => {
        const before = around(statement, current);

        it('and that is missed where it is deleted', () => {
          assert.deepEqual(told(before, current), []);
          const without = new Map([...before].filter(([each]) => each !== statement));
          assert.deepEqual(told(without, current), [`added ${statement.id}`]);
        });

        const others = reworded(dialect, comment, statement);
        it('and somebody has put it in five other ways', () => assert.equal(others.length, 5));

        for (const other of others)
          it(`in other words: ${folded(other)}`, () => {
            const after = new Map(before).set(statement, other.split('\n\n'));
            assert.deepEqual(told(after, current), []);
          });
      });
  }
