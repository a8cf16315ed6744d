import { mayParse } from '../../base/parsing-watch.js';
import { during } from '../../base/profile.js';
import { blankRanges, type SourceFile } from '../outline/outline.js';
import type { AttributeWords } from '../prepare/attributes.js';
import { blanks } from '../prepare/mask.js';
import { prepareForParser } from '../prepare/prepare.js';
import type { Expression } from '../syntax.js';
import type { Assumption, FunctionOutline, FunctionUnit, Unparsed, VariableOutline } from '../unit.js';
import { ownAttributes } from './cleanup-macros.js';
import { lowerExpression } from './lower-expression.js';
import { lowerBlock } from './lower-statement.js';
import { type Lowering, shortened } from './lowering.js';
import { fieldOf, namedChildren, type Parse, parseC, type SyntaxNode } from './parser.js';
import { cutPiece, type FlatPiece, flattenConditionals, type Piece } from './piece.js';
import { versionTestsOf } from './version-tests.js';

/**
 * Parses the body of a function into plain data. It never throws: what cannot be parsed is listed in `unparsed`, and a
 * function that made an earlier attempt crash is returned without a body.
 */
export function lowerFunction(file: SourceFile, outline: FunctionOutline, attributes: AttributeWords): FunctionUnit {
  if (!mayParse(file.unit.path, `${outline.name}()`))
    return {
      ...outline,
      path: file.unit.path,
      body: [],
      unparsed: [{ at: outline.start, text: outline.name }],
      dropped: [],
      assumptions: [],
    };
  return during('lower', () => lowered(file, outline, attributes));
}

function lowered(file: SourceFile, outline: FunctionOutline, attributes: AttributeWords): FunctionUnit {
  const piece = cutPiece(file, outline.start, outline.end);
  const own = ownAttributes(file, attributes);
  const { parse, assumptions } = parseFunction(piece, outline, own.attributes);
  const unparsed: Unparsed[] = [];
  const context: Lowering = {
    text: file.text,
    base: outline.start,
    unparsed,
    dropped: [],
    version: versionTestsOf(file),
    cleanups: own.cleanups,
    lowerBlock: (node) => lowerBlock(node, context),
  };
  const body = findBody(parse.root);
  for (const error of parse.errors)
    unparsed.push({ at: outline.start + error.start, text: shortened(piece.source.slice(error.start, error.end)) });
  return {
    ...outline,
    path: file.unit.path,
    body: body ? lowerBlock(body, context) : [],
    unparsed,
    dropped: context.dropped,
    assumptions: [...assumptionsOfHead(file, outline), ...assumptions],
  };
}

/**
 * The conditions that are taken as true if the head of a function is in one branch of an `#if` group and its body
 * continues after the group.
 */
function assumptionsOfHead({ unit }: SourceFile, { start }: FunctionOutline): readonly Assumption[] {
  return unit.assumptions.filter(({ at, end }) => at < start && start < end);
}

/** How many ERROR and MISSING nodes the parser finds in a function: a measure of the quality of this floor. */
export function countParseErrors(file: SourceFile, outline: FunctionOutline, attributes: AttributeWords): number {
  const own = ownAttributes(file, attributes);
  return parseFunction(cutPiece(file, outline.start, outline.end), outline, own.attributes).parse.errors.length;
}

/** A function as it was parsed, and the conditions that are taken as true because of that. */
interface FunctionParse {
  readonly parse: Parse;
  readonly assumptions: readonly Assumption[];
}

/** How often the `#if` groups that break a function are looked for: as a rule the first round finds all. */
const mostRounds = 4;

/** Parses a function; where `#if` groups break it, with one branch of each such group left. */
function parseFunction(piece: Piece, outline: FunctionOutline, attributes: AttributeWords): FunctionParse {
  // The outline has read the head already: blanked, it cannot make the parser fail.
  const brace = outline.bodyStart - outline.start;
  const prepare = (source: string, code: string): string =>
    blanks(source, 0, brace) + prepareForParser(source.slice(brace), code.slice(brace), attributes);
  let last = parseC(prepare(piece.source, piece.masked.code));
  let best: FunctionParse = { parse: last, assumptions: [] };
  let flat: FlatPiece | undefined;
  // The parser may report a second group that breaks the function only once the first one is whole.
  for (let round = 0; round < mostRounds && best.parse.errors.length > 0; round++) {
    flat = flattenConditionals(piece, last, flat?.flat ?? []);
    if (!flat) break;
    last = parseC(prepare(flat.source, blankRanges(piece.masked.code, flat.dead)));
    if (last.errors.length < best.parse.errors.length) best = { parse: last, assumptions: flat.assumptions };
  }
  return best;
}

/** The first block below a node. */
function findBody(root: SyntaxNode): SyntaxNode | undefined {
  for (const child of namedChildren(root)) {
    if (child.type === 'function_definition') return fieldOf(child, 'body');
    if (child.type === 'compound_statement') return child;
    const inner = findBody(child);
    if (inner) return inner;
  }
  return undefined;
}

/** Parses the initialiser of a variable; undefined where it has none, or one that cannot be parsed. All `#if` branches are kept. */
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
  // There is at least `type name =` before the value: the head fits in its place, so that offsets stay true.
  const base = outline.valueAt - head.length;
  const source = head + prepareForParser(blankRanges(piece.source, lines), piece.masked.code, attributes);
  const parse = parseC(`${source};`);
  const declarator = findNode(parse.root, 'init_declarator');
  const value = declarator ? fieldOf(declarator, 'value') : undefined;
  if (!value) return undefined;
  const context: Lowering = {
    text: file.text,
    base,
    unparsed: [],
    dropped: [],
    version: versionTestsOf(file),
    cleanups: [],
    lowerBlock: (node) => lowerBlock(node, context),
  };
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
