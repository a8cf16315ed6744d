import type { SourceFile } from '../../c/index.js';
import { nearestName } from '../config/nearest.js';
import type { LineRange } from '../line-range.js';
import { type CommentBlock, commentBlocks } from './comment-blocks.js';

/** A comment that asks, with a reason, for the findings of one rule to be left out. */
export interface Suppression {
  readonly path: string;
  /** Offset of the rule's id. */
  readonly at: number;
  readonly rule: string;
  readonly reason: string;
  readonly covers: LineRange;
}

/** A comment that asks for it in a way that cannot be followed. */
export interface InvalidSuppression {
  readonly path: string;
  readonly at: number;
  readonly problem: SuppressionProblem;
}

export type SuppressionProblem =
  /** Something else than `ignore` follows the tool's name, or nothing. */
  | { readonly kind: 'unknown-word'; readonly word: string }
  | { readonly kind: 'no-rule' }
  | { readonly kind: 'no-reason' }
  | { readonly kind: 'unknown-rule'; readonly rule: string; readonly nearest: string | undefined }
  /** A rule about suppressions. */
  | { readonly kind: 'unsuppressible-rule'; readonly rule: string };

/** Rules that a comment may name, and those that it may not. */
export interface KnownRules {
  readonly suppressible: readonly string[];
  readonly unsuppressible: readonly string[];
}

export interface SuppressionComments {
  readonly valid: readonly Suppression[];
  readonly invalid: readonly InvalidSuppression[];
}

/** What every suppression begins with. */
export const suppressionWord = 'dmabuf-lint:';

/** Reads the suppressions of one file, in the order of the text. */
export function readSuppressions(path: string, file: SourceFile, known: KnownRules): SuppressionComments {
  const orders = commentBlocks(file).flatMap((block) =>
    block.lines.flatMap(({ text }, index) =>
      text.startsWith(suppressionWord) ? [readOrder(path, block, index, known)] : [],
    ),
  );
  return { valid: orders.flatMap(({ valid }) => valid), invalid: orders.flatMap(({ invalid }) => invalid) };
}

/** Reads `dmabuf-lint: ignore rule, rule -- reason`, which is one line of a block; the reason may go on below it. */
function readOrder(path: string, block: CommentBlock, index: number, known: KnownRules): SuppressionComments {
  const { text = '', at = 0 } = block.lines[index] ?? {};
  const refuse = (problem: SuppressionProblem, offset = 0): InvalidSuppression => ({ path, at: at + offset, problem });
  const [start = '', word = ''] = /^dmabuf-lint:\s*([\w-]*)/.exec(text) ?? [];
  if (word !== 'ignore') return { valid: [], invalid: [refuse({ kind: 'unknown-word', word })] };
  if (text === start) return { valid: [], invalid: [refuse({ kind: 'no-rule' })] };
  const dashes = text.indexOf('--', start.length);
  // Nothing says where the ids would end.
  if (dashes < 0) return { valid: [], invalid: [refuse({ kind: 'no-reason' })] };

  const ids = [...text.slice(start.length, dashes).matchAll(/[^\s,]+/g)];
  const named = ids.map((id) => ({ rule: id[0], offset: start.length + id.index }));
  const invalid = named.flatMap(({ rule, offset }) => {
    const problem = problemWith(rule, known);
    return problem ? [refuse(problem, offset)] : [];
  });
  if (named.length === 0) invalid.push(refuse({ kind: 'no-rule' }));
  const reason = [text.slice(dashes + 2), ...linesBelow(block, index)].join(' ').trim();
  if (!/[\p{L}\p{N}]/u.test(reason)) return { valid: [], invalid: [...invalid, refuse({ kind: 'no-reason' })] };
  const valid = named.filter(({ rule }) => known.suppressible.includes(rule));
  return {
    valid: valid.map(({ rule, offset }) => ({ path, at: at + offset, rule, reason, covers: block.covers })),
    invalid,
  };
}

function problemWith(rule: string, { suppressible, unsuppressible }: KnownRules): SuppressionProblem | undefined {
  if (suppressible.includes(rule)) return undefined;
  if (unsuppressible.includes(rule)) return { kind: 'unsuppressible-rule', rule };
  return { kind: 'unknown-rule', rule, nearest: nearestName(rule, suppressible) };
}

/** The lines of the same remark below a line, as far as the next empty one or the next suppression. */
function linesBelow(block: CommentBlock, index: number): readonly string[] {
  const below = block.lines.slice(index + 1);
  const end = below.findIndex(({ text, goesOn }) => !goesOn || text === '' || text.startsWith(suppressionWord));
  return (end < 0 ? below : below.slice(0, end)).map(({ text }) => text);
}
