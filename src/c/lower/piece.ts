import { blankRanges, type SourceFile } from '../outline/outline.js';
import { type ConditionalGroup, conditionalGroups } from '../prepare/conditionals.js';
import { blanks, type MaskedText, maskText } from '../prepare/mask.js';
import type { Assumption, Comment, RewrittenDirective } from '../unit.js';
import type { Parse } from './parser.js';

/** A piece of a file, cut out for the parser. */
export interface Piece {
  /** Its text, with blanks for comments, dead branches and directives other than conditionals. */
  readonly source: string;
  readonly masked: MaskedText;
  /** Offset in the file at which it starts. */
  readonly start: number;
}

/** Cuts a range out of a file. */
export function cutPiece(file: SourceFile, start: number, end: number): Piece {
  const dead = file.unit.dead
    .filter((range) => range.end > start && range.start < end)
    .map((range) => ({ start: Math.max(0, range.start - start), end: Math.min(end, range.end) - start }));
  const raw = rewrite(blankRanges(file.text.slice(start, end), dead), start, file.unit.rewritten);
  const masked = maskText(raw);
  const conditional = masked.conditionals;
  const hidden: Comment[] = [...masked.comments];
  for (const macro of [...masked.macros, ...masked.includes])
    hidden.push({ start: macro.at, end: directiveEnd(raw, macro.at) });
  for (const line of otherDirectives(raw, masked, conditional)) hidden.push(line);
  hidden.sort((left, right) => left.start - right.start);
  return { source: blankRanges(raw, hidden), masked, start };
}

/** Writes the directives that are to be read otherwise into a piece. */
function rewrite(piece: string, base: number, directives: readonly RewrittenDirective[]): string {
  let text = piece;
  for (const { start, end, text: instead } of directives) {
    const [from, to] = [start - base, end - base];
    if (from < 0 || to > piece.length) continue;
    text = text.slice(0, from) + instead + blanks(piece, from + instead.length, to) + text.slice(to);
  }
  return text;
}

/** End of a directive and of the lines that continue it. */
function directiveEnd(text: string, at: number): number {
  const end = /(?:[^\\\n]|\\\r?\n|\\.)*/y;
  end.lastIndex = at;
  return at + (end.exec(text)?.[0].length ?? 0);
}

/** The lines of `#undef`, `#pragma`, `#error` and so on, which mean nothing to the analysis. */
function otherDirectives(
  text: string,
  masked: MaskedText,
  conditionals: readonly { readonly start: number }[],
): readonly Comment[] {
  const known = new Set([...conditionals.map((line) => line.start)]);
  return [...text.matchAll(/^[ \t]*#.*$/gm)]
    .filter(
      (match) => !known.has(match.index) && masked.code.slice(match.index, match.index + match[0].length).trim() === '',
    )
    .map((match) => ({ start: match.index, end: directiveEnd(text, match.index) }));
}

/** A piece of which only one branch is left of some `#if` groups. */
export interface FlatPiece {
  readonly source: string;
  readonly dead: readonly Comment[];
  readonly assumptions: readonly Assumption[];
  /** Those groups. */
  readonly flat: readonly ConditionalGroup[];
}

/**
 * Leaves out all branches but the first of each `#if` group in which the parser found an error.
 * @param before the groups of which only the first branch was left when the parser found the errors
 * @returns undefined where no further group is left
 */
export function flattenConditionals(
  piece: Piece,
  parse: Parse,
  before: readonly ConditionalGroup[],
): FlatPiece | undefined {
  const isFlat = new Set(before.map(({ start }) => start));
  const groups = conditionalGroups(piece.masked.conditionals, piece.source.length);
  const open = groups.filter(({ start }) => !isFlat.has(start));
  if (open.length === 0) return undefined;
  const touched = open.filter((group) =>
    parse.errors.some((error) => error.start <= group.end && error.end >= group.start),
  );
  // An error may be reported far from the group that causes it: then all groups are reduced to their first branch.
  const chosen = new Set([...before, ...(touched.length > 0 ? touched : open)].map(({ start }) => start));
  const flat = groups.filter(({ start }) => chosen.has(start));
  const dead: Comment[] = [];
  const assumptions: Assumption[] = [];
  for (const { start, end, branches } of flat) {
    const kept = branches[0];
    if (!kept) continue;
    assumptions.push({ at: piece.start + kept.at, end: piece.start + kept.end, condition: kept.condition });
    dead.push({ start, end: kept.start }, { start: kept.end, end });
  }
  dead.sort((left, right) => left.start - right.start);
  return { source: blankRanges(piece.source, dead), dead, assumptions, flat };
}
