import { mayParse } from '../../base/parsing-watch.js';
import { during } from '../../base/profile.js';
import { blankRanges, type SourceFile } from '../outline/outline.js';
import type { AttributeWords } from '../prepare/attributes.js';
import { conditionalGroups } from '../prepare/conditionals.js';
import { blanks, type MaskedText, maskText } from '../prepare/mask.js';
import { prepareForParser } from '../prepare/prepare.js';
import type {
  Assumption,
  Comment,
  Expression,
  FunctionOutline,
  FunctionUnit,
  Unparsed,
  VariableOutline,
} from '../unit.js';
import { type Lowering, lowerExpression } from './lower-expression.js';
import { lowerBlock } from './lower-statement.js';
import { fieldOf, namedChildren, type Parse, parseC, type SyntaxNode } from './parser.js';

interface Piece {
  /** Comments, dead branches and directives other than conditionals are blanks; strings are kept. */
  readonly source: string;
  readonly masked: MaskedText;
  readonly start: number;
}

function cutPiece(file: SourceFile, start: number, end: number): Piece {
  const dead = file.unit.dead
    .filter((range) => range.end > start && range.start < end)
    .map((range) => ({ start: Math.max(0, range.start - start), end: Math.min(end, range.end) - start }));
  const raw = blankRanges(file.text.slice(start, end), dead);
  const masked = maskText(raw);
  const conditional = masked.conditionals;
  const hidden: Comment[] = [...masked.comments];
  for (const macro of [...masked.macros, ...masked.includes])
    hidden.push({ start: macro.at, end: directiveEnd(raw, macro.at) });
  for (const line of otherDirectives(raw, masked, conditional)) hidden.push(line);
  hidden.sort((left, right) => left.start - right.start);
  return { source: blankRanges(raw, hidden), masked, start };
}

function directiveEnd(text: string, at: number): number {
  const end = /(?:[^\\\n]|\\\r?\n|\\.)*/y;
  end.lastIndex = at;
  return at + (end.exec(text)?.[0].length ?? 0);
}

/** `#undef`, `#pragma`, `#error`: nothing to a reader of the code. */
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

/** Parses one function and lowers its body. */
export function lowerFunction(file: SourceFile, outline: FunctionOutline, attributes: AttributeWords): FunctionUnit {
  if (!mayParse(file.unit.path, `${outline.name}()`))
    return {
      ...outline,
      path: file.unit.path,
      body: [],
      unparsed: [{ at: outline.start, text: outline.name }],
      assumptions: [],
    };
  return during('lower', () => lowered(file, outline, attributes));
}

function lowered(file: SourceFile, outline: FunctionOutline, attributes: AttributeWords): FunctionUnit {
  const piece = cutPiece(file, outline.start, outline.end);
  const { parse, assumptions } = parseFunction(piece, outline, attributes);
  const unparsed: Unparsed[] = [];
  const context: Lowering = {
    text: file.text,
    base: outline.start,
    unparsed,
    lowerBlock: (node) => lowerBlock(node, context),
  };
  const body = findBody(parse.root);
  for (const error of parse.errors)
    unparsed.push({ at: outline.start + error.start, text: piece.source.slice(error.start, error.end).slice(0, 80) });
  return {
    ...outline,
    path: file.unit.path,
    body: body ? lowerBlock(body, context) : [],
    unparsed,
    assumptions,
  };
}

/** How many ERROR and MISSING nodes a function has after preparation: a measure of the front end itself. */
export function countParseErrors(file: SourceFile, outline: FunctionOutline, attributes: AttributeWords): number {
  return parseFunction(cutPiece(file, outline.start, outline.end), outline, attributes).parse.errors.length;
}

function parseFunction(
  piece: Piece,
  outline: FunctionOutline,
  attributes: AttributeWords,
): { readonly parse: Parse; readonly assumptions: readonly Assumption[] } {
  // The outline has read the head already: a bare block cannot fail because of it.
  const brace = outline.bodyStart - outline.start;
  const prepare = (source: string, code: string): string =>
    blanks(source, 0, brace) + prepareForParser(source.slice(brace), code.slice(brace), attributes);
  const first = parseC(prepare(piece.source, piece.masked.code));
  if (first.errors.length === 0 || piece.masked.conditionals.length === 0) return { parse: first, assumptions: [] };
  const flat = flattenConditionals(piece, first);
  const second = parseC(prepare(flat.source, blankRanges(piece.masked.code, flat.dead)));
  return second.errors.length < first.errors.length
    ? { parse: second, assumptions: flat.assumptions }
    : { parse: first, assumptions: [] };
}

/** Where an error lies on an `#if` group, one branch of it stays: the first. */
function flattenConditionals(
  piece: Piece,
  parse: Parse,
): { readonly source: string; readonly dead: readonly Comment[]; readonly assumptions: readonly Assumption[] } {
  const dead: Comment[] = [];
  const assumptions: Assumption[] = [];
  const groups = conditionalGroups(piece.masked.conditionals, piece.source.length);
  const touched = groups.filter((group) =>
    parse.errors.some((error) => error.start <= group.end && error.end >= group.start),
  );
  // An error may show far from the group that causes it: then all of them go.
  for (const { start, end, branches } of touched.length > 0 ? touched : groups) {
    const kept = branches[0];
    if (!kept) continue;
    assumptions.push({ at: piece.start + kept.at, condition: kept.condition });
    dead.push({ start, end: kept.start }, { start: kept.end, end });
  }
  dead.sort((left, right) => left.start - right.start);
  return { source: blankRanges(piece.source, dead), dead, assumptions };
}

function findBody(root: SyntaxNode): SyntaxNode | undefined {
  for (const child of namedChildren(root)) {
    if (child.type === 'function_definition') return fieldOf(child, 'body');
    if (child.type === 'compound_statement') return child;
    const inner = findBody(child);
    if (inner) return inner;
  }
  return undefined;
}

/** The value of a variable, or undefined where it has none or it cannot be parsed. All `#if` branches are kept. */
export function lowerInitialiser(
  file: SourceFile,
  outline: VariableOutline,
  attributes: AttributeWords,
): Expression | undefined {
  if (outline.valueAt === null || !mayParse(file.unit.path, `the value of ${outline.name}`)) return undefined;
  const end = outline.end - 1;
  const piece = cutPiece(file, outline.valueAt, end);
  const lines = piece.masked.conditionals.map((line) => ({ start: line.start, end: line.end }));
  const head = 'int x=';
  // Room for a head in front of the value, so that offsets hold: there is at least `type name =` before it.
  const base = outline.valueAt - head.length;
  const source = head + prepareForParser(blankRanges(piece.source, lines), piece.masked.code, attributes);
  const parse = parseC(`${source};`);
  const declarator = findNode(parse.root, 'init_declarator');
  const value = declarator ? fieldOf(declarator, 'value') : undefined;
  if (!value) return undefined;
  const context: Lowering = { text: file.text, base, unparsed: [], lowerBlock: (node) => lowerBlock(node, context) };
  return lowerExpression(value, context);
}

function findNode(node: SyntaxNode, type: string): SyntaxNode | undefined {
  if (node.type === type) return node;
  for (const child of node.children) {
    const found = findNode(child, type);
    if (found) return found;
  }
  return undefined;
}
