import type { SourceFile } from '../../c/index.js';
import { nearestName } from '../config/nearest.js';
import type { LineRange } from '../line-range.js';
import { type CommentBlock, commentBlocks } from './comment-blocks.js';

/** A valid request to suppress the findings of one rule: it has a known rule and a reason. */
export interface Suppression {
  readonly path: string;
  /** The offset of the rule's id. */
  readonly at: number;
  readonly rule: string;
  readonly reason: string;
  readonly covers: LineRange;
}

/** A suppression comment that does not work, and the reason. */
export interface InvalidSuppression {
  readonly path: string;
  readonly at: number;
  readonly problem: SuppressionProblem;
}

/** What is wrong with a suppression comment. */
export type SuppressionProblem =
  /** The word after `dmabuf-lint:` is not `ignore`; it may be empty. */
  | { readonly kind: 'unknown-word'; readonly word: string }
  | { readonly kind: 'no-rule' }
  | { readonly kind: 'no-reason' }
  | { readonly kind: 'unknown-rule'; readonly rule: string; readonly nearest: string | undefined }
  /** The rule is one about suppressions. */
  | { readonly kind: 'unsuppressible-rule'; readonly rule: string };

/** The ids of all rules: those that a comment may suppress, and those that it may not. */
export interface KnownRules {
  readonly suppressible: readonly string[];
  readonly unsuppressible: readonly string[];
}

/** The suppression comments of one or more files. */
export interface SuppressionComments {
  readonly valid: readonly Suppression[];
  readonly invalid: readonly InvalidSuppression[];
}

/** The text that every suppression begins with. */
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

/** Reads one `dmabuf-lint: ignore rule, rule -- reason`. The reason may continue on the lines below. */
function readOrder(path: string, block: CommentBlock, index: number, known: KnownRules): SuppressionComments {
  const { text = '', at = 0 } = block.lines[index] ?? {};
  const refuse = (problem: SuppressionProblem, offset = 0): InvalidSuppression => ({ path, at: at + offset, problem });
  const [start = '', word = ''] = /^dmabuf-lint:\s*([\w-]*)/.exec(text) ?? [];
  if (word !== 'ignore') return { valid: [], invalid: [refuse({ kind: 'unknown-word', word })] };
  if (text === start) return { valid: [], invalid: [refuse({ kind: 'no-rule' })] };
  const dashes = text.indexOf('--', start.length);
  // Without ` -- ` it is unknown where the list of ids ends.
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

/** The lines that continue a line, up to an empty one or the next suppression. */
function linesBelow(block: CommentBlock, index: number): readonly string[] {
  const below: string[] = [];
  for (let at = index + 1; at < block.lines.length; at++) {
    const { text = '', goesOn = false } = block.lines[at] ?? {};
    if (!goesOn || text === '' || text.startsWith(suppressionWord)) break;
    below.push(text);
  }
  return below;
}
