import { matchingParen } from '../prepare/brackets.js';
import type { Statement } from '../syntax.js';
import type { Comment, Macro, Unparsed } from '../unit.js';
import type { SyntaxNode } from './parser.js';
import type { VersionTests } from './version-tests.js';

/** What the lowering of one piece of code needs. */
export interface Lowering {
  /** The original text of the file. It has what the preparation blanked or replaced. */
  readonly text: string;
  /** Offset in the file at which the piece starts. */
  readonly base: number;
  /** Where pieces that cannot be read are recorded. */
  readonly unparsed: Unparsed[];
  /** Where statements are recorded that are left out. */
  readonly dropped: Comment[];
  /** What the version of the kernel decides. */
  readonly version: VersionTests;
  /** The macros of the file that stand for `__cleanup(f)`. */
  readonly cleanups: readonly Macro[];
  /** Lowers the body of a statement expression. */
  lowerBlock(node: SyntaxNode): readonly Statement[];
}

/** The offset of a node in the file. */
export function at(node: SyntaxNode, context: Lowering): number {
  return context.base + node.start;
}

/** The original text of a node. */
export function textOf(node: SyntaxNode, context: Lowering): string {
  return context.text.slice(context.base + node.start, context.base + node.end);
}

/** The names met so far, each as one text. */
const names = new Map<string, string>();
/** A table with more names is begun anew. */
const mostNames = 1 << 16;

/** The text of a node that is a name: the same text wherever the name stands, since tables find that without comparing it. */
export function nameOf(node: SyntaxNode, context: Lowering): string {
  const text = textOf(node, context);
  let name = names.get(text);
  if (name === undefined) {
    if (!/^\w+$/.test(text)) return text;
    if (names.size >= mostNames) names.clear();
    // A copy: V8 keeps a whole text in memory as long as a slice of it is in use.
    name = Buffer.from(text, 'latin1').toString('latin1');
    names.set(name, name);
  }
  return name;
}

const typeOperator = /(?:typeof_unqual|__typeof__|__typeof|typeof)\s*\(/y;

/** The original text of a type, on one line. The parser sees one word for `typeof(x)`; here it is whole. */
export function typeTextOf(node: SyntaxNode, context: Lowering): string {
  const start = context.base + node.start;
  typeOperator.lastIndex = start;
  const end = typeOperator.test(context.text) ? matchingParen(context.text, typeOperator.lastIndex - 1) + 1 : start;
  return context.text.slice(start, Math.max(end, context.base + node.end)).replace(/\s+/g, ' ');
}

/** A piece that is recorded as not parsed keeps so many characters of its text. */
const longestUnparsed = 80;

/** Records a node that cannot be read; returns its text. */
export function recordUnparsed(node: SyntaxNode, context: Lowering): string {
  const text = textOf(node, context);
  context.unparsed.push({ at: at(node, context), text: shortened(text) });
  return text;
}

/** The beginning of a text, as it is kept for a piece that cannot be parsed. */
export function shortened(text: string): string {
  return text.slice(0, longestUnparsed);
}
