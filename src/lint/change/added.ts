import type { Finding, Severity } from '../finding.js';

/** Where a change adds something; line and column are 1-based. */
export interface AddedPlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** Something by which a change hides findings, its own or others: it never counts for the change itself. */
export type AddedSuppression = AddedPlace &
  (
    | {
        readonly kind: 'comment';
        readonly rule: string;
        readonly reason: string;
        /** The function around it, or null at file level. */
        readonly function: string | null;
        /** The findings that it would hide. */
        readonly hidden: readonly Finding[];
      }
    | { readonly kind: 'rule-off'; readonly rule: string }
    | { readonly kind: 'lower-severity'; readonly rule: string; readonly from: Severity; readonly to: Severity }
    | { readonly kind: 'exclusion'; readonly excluded: string }
    | { readonly kind: 'macro'; readonly word: string }
    /** Another list of markers, by which importers say that they cannot be invalidated. */
    | { readonly kind: 'markers' }
    | { readonly kind: 'baseline'; readonly baseline: string }
    | { readonly kind: 'entry'; readonly rule: string; readonly file: string; readonly reason: string }
    /** More of the same kind than are listed one by one. */
    | { readonly kind: 'more'; readonly of: 'exclusion' | 'macro' | 'entry'; readonly count: number }
    /** A configuration or baseline that cannot be read, so that nobody knows what it hides. */
    | { readonly kind: 'unusable'; readonly why: string }
  );

/** Additions of one kind that are listed one by one; the others are counted. */
const mostListed = 20;

/** Lists additions of one kind, the first ones one by one. */
export function listed<One>(
  of: 'exclusion' | 'macro' | 'entry',
  all: readonly One[],
  toAdded: (one: One) => AddedSuppression,
): readonly AddedSuppression[] {
  const first = all.slice(0, mostListed).map(toAdded);
  const last = first.at(-1);
  if (!last || all.length <= mostListed) return first;
  const { path, line, column } = last;
  return [...first, { kind: 'more', of, count: all.length - mostListed, path, line, column }];
}
