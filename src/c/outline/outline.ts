import { during } from '../../base/profile.js';
import type { AttributeWords } from '../prepare/attributes.js';
import { conditionalGroups, conditionRanges, decideGroups, unbalancedBranches } from '../prepare/conditionals.js';
import { decideBranches } from '../prepare/decide-branches.js';
import { type MacroTable, noMacros } from '../prepare/macro-table.js';
import { blanks, type MaskedText, maskText } from '../prepare/mask.js';
import type { Comment, FunctionOutline, Include, StructOutline, Unit, VariableOutline } from '../unit.js';
import { readFunctionHead } from './function-head.js';
import { readStruct } from './struct.js';
import { readVariables } from './variables.js';

/** An outlined file with its texts, which later questions need. The texts do not go into a cache. */
export interface SourceFile {
  readonly unit: Unit;
  /** The text as it was read. */
  readonly text: string;
  /** The text, at the same length, with blanks for comments, directives, dead branches and the insides of strings. */
  readonly code: string;
  /** The macros that were known before the file began. */
  readonly before: MacroTable;
}

/**
 * Outlines a C file without parsing it: what it defines at file level, and where. {@link lowerFunction} parses a body. It
 * never throws: a text that is not C yields an empty outline.
 * @param before what is known of macros: they decide which branches of `#if` groups are code
 */
export function outlineFile(
  path: string,
  text: string,
  attributes: AttributeWords,
  before: MacroTable = noMacros,
): SourceFile {
  return during('prepare', () => outline(path, text, attributes, before));
}

/** What a file includes, as its outline would say. It serves headers, of which most are never outlined. */
export function readIncludes(text: string): readonly Include[] {
  if (!text.includes('include')) return [];
  return during('prepare', () => {
    const masked = maskText(text);
    return includesIn(masked, decided(masked, text, noMacros).dead);
  });
}

function includesIn({ includes }: MaskedText, dead: readonly Comment[]): readonly Include[] {
  return includes.filter((include) => !inside(dead, include.at));
}

function decided(masked: MaskedText, text: string, before: MacroTable) {
  const { fates } = decideBranches(masked, before.macros);
  const groups = conditionalGroups(masked.conditionals, text.length);
  return decideGroups(text, groups, (at) => fates.get(at) ?? 'open');
}

const byStart = (left: Comment, right: Comment): number => left.start - right.start;

function outline(path: string, text: string, attributes: AttributeWords, before: MacroTable): SourceFile {
  const masked = maskText(text);
  const { open, dead: neverSeen, rewritten } = decided(masked, text, before);
  const unbalanced = unbalancedBranches(blankRanges(masked.code, [...neverSeen].sort(byStart)), open);
  const dead = [...neverSeen, ...unbalanced.dead].sort(byStart);
  const code = blankRanges(masked.code, dead);
  const items = scanItems(code, attributes);
  return {
    text,
    code,
    before,
    unit: {
      path,
      ...items,
      includes: includesIn(masked, neverSeen),
      macros: masked.macros.filter(({ at }) => !inside(neverSeen, at)),
      comments: masked.comments,
      assumptions: unbalanced.assumptions,
      dead,
      rewritten,
      conditions: conditionRanges(open),
      lineStarts: lineStarts(text),
    },
  };
}

/** Whether an offset lies in any of some ranges. */
function inside(ranges: readonly Comment[], at: number): boolean {
  return ranges.some((range) => range.start <= at && at < range.end);
}

/** The text with some ranges blanked. The ranges must be sorted by start, and may overlap. */
export function blankRanges(text: string, ranges: readonly Comment[]): string {
  const pieces: string[] = [];
  let done = 0;
  for (const range of ranges) {
    if (range.end <= done) continue;
    const start = Math.max(range.start, done);
    pieces.push(text.slice(done, start), blanks(text, start, range.end));
    done = range.end;
  }
  return done === 0 ? text : pieces.join('') + text.slice(done);
}

/** The offsets at which lines start. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

interface Items {
  readonly functions: FunctionOutline[];
  readonly variables: VariableOutline[];
  readonly structs: StructOutline[];
}

/** Reads the file level item by item: each ends with a `;` outside of all braces, or with the body of a function. */
function scanItems(code: string, attributes: AttributeWords): Items {
  const items: Items = { functions: [], variables: [], structs: [] };
  let start = 0;
  /** A function's head cannot begin before the last closing brace. */
  let headStart = 0;
  let parens = 0;
  /** Offset of the item's `=` outside of all brackets, or null. */
  let value: number | null = null;
  let hasBraces = false;
  for (let at = 0; at < code.length; at++) {
    switch (code.charCodeAt(at)) {
      case 40: // (
        parens++;
        break;
      case 41: // )
        parens = Math.max(0, parens - 1);
        break;
      case 61: // =
        if (parens === 0) value ??= at;
        break;
      case 59: // ;
        if (parens > 0) break;
        if (hasBraces) addStruct(items, code, start, value ?? at, attributes);
        items.variables.push(...readVariables(code, start, at, value, attributes));
        start = at + 1;
        value = null;
        hasBraces = false;
        break;
      case 125: // } without a {
        start = at + 1;
        parens = 0;
        value = null;
        hasBraces = false;
        break;
      case 123: {
        // {
        const close = matchingBrace(code, at);
        const head =
          value !== null || parens > 0 ? undefined : readFunctionHead(code, Math.max(start, headStart), at, attributes);
        if (head) items.functions.push({ ...head, bodyStart: at, end: close + 1 });
        at = close;
        headStart = close + 1;
        hasBraces = true;
        if (head) {
          hasBraces = false;
          start = close + 1;
          parens = 0;
        }
        break;
      }
    }
  }
  return items;
}

/** Offset of the brace that closes the one at `open`; that of the last character where none does. */
function matchingBrace(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    const character = code.charCodeAt(at);
    if (character === 123) depth++;
    else if (character === 125 && --depth === 0) return at;
  }
  return code.length - 1;
}

function addStruct(items: Items, code: string, start: number, end: number, attributes: AttributeWords): void {
  const struct = readStruct(code, start, end, attributes);
  if (struct) items.structs.push(struct);
}
