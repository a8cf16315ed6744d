import { type DocBlock, type DocComment, docBlocks, writeDocComment } from '../../c/index.js';
import { isAlmost, isLike } from './likeness.js';
import { folded, type Statement } from './statements.js';

/** What happened to one statement in one comment. */
export type Outcome =
  /** The comment says it already, in our words or in others. */
  | ({ readonly kind: 'kept' } & Subject)
  | ({ readonly kind: 'added' } & Subject)
  /** Our text for another dialect was replaced or removed. */
  | ({ readonly kind: 'updated' } & Subject)
  /** A paragraph says otherwise; it stays. */
  | ({
      readonly kind: 'conflict';
      /** The paragraph, and the text that we would write. */
      readonly theirs: string;
      readonly ours: string;
      /** The first line of the paragraph, counted from the line on which the comment opens, 0-based. */
      readonly line: number;
    } & Subject);

type Subject = Pick<Statement, 'id' | 'tells'>;

/** A comment with its statements, and what happened to each. */
export interface Amended {
  /** The whole new comment; null if nothing changed. */
  readonly comment: string | null;
  readonly outcomes: readonly Outcome[];
}

/** Paragraphs that end a comment, about return values and context: new ones go before them. */
const tail =
  /^(?:Returns?|Context|Return value)\s*:|^This callback is (?:optional|mandatory)\b|^See (?:also )?(?:the )?(?:kdoc|kernel-doc|\w+\(\))/;

interface Draft {
  lines: string[];
  blocks: readonly DocBlock[];
}

/**
 * Adds to a comment the statements that it does not make. Paragraphs that others wrote stay, byte by byte.
 * @param former statements that do not hold in this dialect; where they stand in our words they are removed
 */
export function amendComment(
  comment: DocComment,
  statements: readonly Statement[],
  former: readonly Statement[],
): Amended {
  const draft: Draft = { lines: [...comment.lines], blocks: comment.blocks };
  const outcomes: Outcome[] = [];
  for (const statement of former) if (takeOut(draft, statement)) outcomes.push({ kind: 'updated', ...idOf(statement) });
  for (const statement of statements) {
    const outcome = place(draft, statement, statements, outcomes);
    outcomes.push(outcome.kind === 'conflict' ? { ...outcome, line: lineIn(comment, outcome.theirs) } : outcome);
  }
  // Beside a paragraph that says the opposite our text would make no sense: such a comment stays as it is.
  const conflicts = outcomes.filter(({ kind }) => kind === 'conflict');
  if (conflicts.length > 0) return { comment: null, outcomes: conflicts };
  const isChanged = outcomes.some(({ kind }) => kind === 'added' || kind === 'updated');
  return { comment: isChanged ? writeDocComment(comment.indent, draft.lines) : null, outcomes };
}

function idOf({ id, tells }: Statement): Pick<Statement, 'id' | 'tells'> {
  return { id, tells };
}

function place(draft: Draft, statement: Statement, all: readonly Statement[], outcomes: readonly Outcome[]): Outcome {
  const { recogniser, completes, before, isFirst } = statement;
  const texts = draft.blocks.map(({ text }) => text);
  if (ownAt(texts, statement.blocks) >= 0) return { kind: 'kept', ...idOf(statement) };
  const stale = formerAt(texts, statement);
  if (stale) {
    replaceBlocks(draft, stale.index, stale.count, statement.blocks);
    return { kind: 'updated', ...idOf(statement) };
  }
  const others = texts.filter((_, index) => !all.some((each) => isOwn(texts, index, each)));
  const conflict = others.find(recogniser.denied);
  if (conflict !== undefined) return conflictWith(statement, conflict);
  const ours = folded(statement.blocks[0] ?? '');
  const opposite = others.find((text) => isAlmost(text, ours) && negations(text) !== negations(ours));
  if (opposite !== undefined) return conflictWith(statement, opposite);
  const isRewritten = (text: string): boolean =>
    isLike(text, ours) && sharesName(text, ours) && negations(text) === negations(ours);
  if (others.some(isRewritten) || recogniser.said(others)) return { kind: 'kept', ...idOf(statement) };
  if (completes !== null && !isSaidOtherwise(completes, texts, all, outcomes))
    return { kind: 'kept', ...idOf(statement) };
  const index = before === null ? -1 : texts.findIndex((text) => text.startsWith(before));
  insertBlocks(draft, isFirst ? 1 : index >= 0 ? index : tailOf(draft, all), statement.blocks);
  return { kind: 'added', ...idOf(statement) };
}

/** Whether two paragraphs refer to the same function or member, or ours to none. */
function sharesName(theirs: string, ours: string): boolean {
  const names = ours.match(/\w*_\w+/g) ?? [];
  return names.length === 0 || names.some((name) => theirs.includes(name));
}

/** How often a paragraph negates: one that is like ours, but negates more or less, says something else. */
function negations(paragraph: string): number {
  return (
    paragraph.match(
      /\b(?:not|never|no|none|nobody|cannot|without|missing|lacks?|left out|rather than|instead of)\b|n't\b/gi,
    )?.length ?? 0
  );
}

/** Whether the comment makes another statement in words that are not ours. */
function isSaidOtherwise(
  id: string,
  texts: readonly string[],
  all: readonly Statement[],
  outcomes: readonly Outcome[],
): boolean {
  const other = all.find((statement) => statement.id === id);
  return (
    outcomes.some((each) => each.id === id && each.kind === 'kept') &&
    other !== undefined &&
    ownAt(texts, other.blocks) < 0
  );
}

function isOwn(texts: readonly string[], index: number, { blocks }: Statement): boolean {
  const start = ownAt(texts, blocks);
  return start >= 0 && index >= start && index < start + blocks.length;
}

function ownAt(texts: readonly string[], blocks: readonly string[]): number {
  const wanted = blocks.map(folded);
  return texts.findIndex((_, index) => wanted.every((block, offset) => texts[index + offset] === block));
}

function formerAt(
  texts: readonly string[],
  statement: Statement,
): { readonly index: number; readonly count: number } | undefined {
  for (let index = 0; index < texts.length; index++) {
    const count = statement.formerAt(texts, index);
    if (count > 0) return { index, count };
  }
  return undefined;
}

function takeOut(draft: Draft, statement: Statement): boolean {
  const found = formerAt(
    draft.blocks.map(({ text }) => text),
    statement,
  );
  if (found) replaceBlocks(draft, found.index, found.count, []);
  return found !== undefined;
}

function conflictWith(statement: Statement, theirs: string): Outcome {
  return { kind: 'conflict', ...idOf(statement), theirs, ours: statement.blocks.map(folded).join(' '), line: 0 };
}

function lineIn({ blocks, firstLine }: DocComment, paragraph: string): number {
  return firstLine + (blocks.find(({ text }) => text === paragraph)?.first ?? 0);
}

/** The index of the first paragraph that ends the comment: new ones go before it. */
function tailOf({ blocks }: Draft, all: readonly Statement[]): number {
  const texts = blocks.map(({ text }) => text);
  const isOurs = (index: number): boolean => all.some((each) => isOwn(texts, index, each));
  const found = texts.findIndex((text, index) => index > 0 && tail.test(text) && !isOurs(index));
  return found < 0 ? blocks.length : found;
}

function insertBlocks(draft: Draft, index: number, blocks: readonly string[]): void {
  const lines = blocks.flatMap((block) => ['', ...block.split('\n')]);
  const before = draft.blocks[index - 1];
  draft.lines.splice(before?.end ?? 0, 0, ...lines);
  readAnew(draft);
}

function replaceBlocks(draft: Draft, index: number, count: number, blocks: readonly string[]): void {
  const first = draft.blocks[index - 1]?.end ?? 0;
  const end = draft.blocks[index + count - 1]?.end ?? draft.lines.length;
  const lines = blocks.flatMap((block) => ['', ...block.split('\n')]);
  draft.lines.splice(first, end - first, ...(index === 0 ? lines.slice(1) : lines));
  readAnew(draft);
}

function readAnew(draft: Draft): void {
  draft.blocks = docBlocks(draft.lines);
}
