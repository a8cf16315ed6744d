import { folded } from '../comments/statements.js';
import { align, type Pair } from './align.js';
import { type Chunk, chunksOf, isFacts } from './page-chunks.js';
import { contains, rewording } from './reworded.js';

/** A paragraph that somebody else wrote, and the one of ours that it rewords; empty if none. */
interface KeptParagraph {
  readonly text: string;
  readonly line: number;
  readonly instead: string;
}

/** A paragraph of ours, and the line of the page, 1-based, where it is missing or stands for another dialect. */
interface OwnParagraph {
  readonly text: string;
  readonly line: number;
}

/** A page brought up to date. */
interface MergedPage {
  readonly text: string;
  readonly kept: readonly KeptParagraph[];
  /** What the page does not say. */
  readonly missing: readonly OwnParagraph[];
  /** What is ours, and does not hold in this tree. */
  readonly outdated: readonly OwnParagraph[];
}

/**
 * Brings a page up to date. Tables, and paragraphs of ours that do not hold any more, are written again. What somebody else
 * wrote stays where it is. Between two paragraphs that both pages have, what others wrote is compared with what is missing: a
 * paragraph about the same things is ours, reworded, and only what nothing rewords is missing.
 * @param before the page as the tree has it
 * @param wanted the page as we would write it
 * @param isOurs whether a paragraph, its white space folded, is ours in any dialect
 */
export function mergePage(before: string, wanted: string, isOurs: (text: string) => boolean): MergedPage {
  const [old, ours] = [chunksOf(before), chunksOf(wanted)];
  const pairs = align(old, ours, sameness);
  const anchors = [...pairs, [old.length, ours.length] as const];
  const moved = movedTexts(old, ours, pairs);
  const gaps: Gap[] = [];
  const chunks: Chunk[] = [];
  let [from, start] = [0, 0];
  for (const [end, stop] of anchors) {
    const gap = fillGap(old.slice(from, end), ours.slice(start, stop), isOurs, moved);
    const anchor = old[end];
    gaps.push({ ...gap, line: old[from - 1]?.line ?? 1 });
    chunks.push(...gap.chunks);
    if (anchor) chunks.push(isFacts(anchor) ? (ours[stop] ?? anchor) : anchor);
    [from, start] = [end + 1, stop + 1];
  }
  const text = `${chunks.map((chunk) => chunk.text).join('\n\n')}\n`;
  return {
    text: text === `${old.map((chunk) => chunk.text).join('\n\n')}\n` ? before : text,
    kept: gaps.flatMap(({ kept }) => kept),
    missing: gaps.flatMap(({ missing, line }) => missing.map((chunk) => ({ text: chunk.text, line }))),
    outdated: gaps.flatMap(({ outdated }) => outdated),
  };
}

/** The same paragraph, or tables in the same place. */
function sameness(left: Chunk, right: Chunk): number {
  if (isFacts(left) || isFacts(right))
    return isFacts(left) && isFacts(right) && kindOf(left) === kindOf(right) ? 0.5 : 0;
  return folded(left.text) === folded(right.text) ? 1 : 0;
}

/** The paragraphs that both pages have, and somebody has moved: they stay where they are. */
function movedTexts(old: readonly Chunk[], ours: readonly Chunk[], pairs: readonly Pair[]): ReadonlySet<string> {
  const [left, right] = [new Set(pairs.map(([index]) => index)), new Set(pairs.map(([, index]) => index))];
  const here = new Set(old.filter((_, index) => !left.has(index)).map(({ text }) => folded(text)));
  const wanted = ours.filter((_, index) => !right.has(index)).map(({ text }) => folded(text));
  return new Set(wanted.filter((text) => here.has(text)));
}

/** The kind of a generated table or list: what its first column holds. */
function kindOf({ text }: Chunk): string {
  if (text.startsWith('..')) return /^ {3}\* - (.*)$/m.exec(text)?.[1] ?? '';
  return text.includes('\n\n  - ') ? 'negotiation' : 'list';
}

/** What stands between two paragraphs that both pages have. */
interface Gap {
  readonly chunks: readonly Chunk[];
  readonly kept: readonly KeptParagraph[];
  readonly missing: readonly Chunk[];
  readonly outdated: readonly Chunk[];
  /** The paragraph before. */
  readonly line: number;
}

function fillGap(
  old: readonly Chunk[],
  ours: readonly Chunk[],
  isOurs: (text: string) => boolean,
  moved: ReadonlySet<string>,
): Omit<Gap, 'line'> {
  // Where nothing of ours is wanted, what stands there may still be ours, of a dialect in which more was said.
  const rest = old.filter((chunk) => !isFacts(chunk));
  const outdated = rest.filter(({ text }) => !moved.has(folded(text)) && isOurs(folded(text)));
  const theirs = rest.filter((chunk) => !outdated.includes(chunk));
  const pairs = align(theirs, ours, (left, right) => (isFacts(right) ? 0 : rewording(left.text, right.text)));
  const instead = new Map(pairs);
  const isSaid = (chunk: Chunk, index: number): boolean =>
    moved.has(folded(chunk.text)) ||
    pairs.some(([, right]) => right === index) ||
    theirs.some(({ text }) => contains(text, chunk.text));
  const wanted = ours.map((chunk, index) => ({ chunk, index, isSaid: !isFacts(chunk) && isSaid(chunk, index) }));
  const chunks: Chunk[] = [];
  let next = 0;
  const upTo = (end: number): void => {
    for (const each of wanted.slice(next, end)) if (!each.isSaid) chunks.push(each.chunk);
    next = Math.max(next, end);
  };
  for (const [index, chunk] of theirs.entries()) {
    const own = instead.get(index);
    if (own !== undefined) upTo(own);
    chunks.push(chunk);
    if (own !== undefined) next = own + 1;
  }
  upTo(ours.length);
  return {
    chunks,
    kept: theirs.map(({ text, line }, index) => ({
      text: folded(text),
      line,
      instead: folded(ours[instead.get(index) ?? -1]?.text ?? ''),
    })),
    missing:
      outdated.length > 0
        ? []
        : wanted.filter((each) => !each.isSaid && !isFacts(each.chunk)).map(({ chunk }) => chunk),
    outdated,
  };
}
