import { compareFindings, type Finding } from '../finding.js';
import { coveringIndex } from '../suppression/covering.js';
import type { PlacedSuppression } from '../suppression/placed-suppression.js';
import type { SuppressedFinding } from '../suppression/suppression.js';
import type { AddedSuppression } from './added.js';

/** The findings of a tree, those that its comments suppress, and these comments. */
export interface Suppressed {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly suppressions: readonly PlacedSuppression[];
}

/** Reports the findings of a tree that only other comments than the given ones suppress. */
export function honouring<Facts extends Suppressed>(facts: Facts, counting: ReadonlySet<PlacedSuppression>): Facts {
  const { findings, suppressed, suppressions } = facts;
  if (suppressed.length === 0 || suppressions.every((one) => counting.has(one))) return facts;
  const covering = coveringIndex(suppressions.filter((one) => counting.has(one)));
  const shown = suppressed.filter(({ finding }) => !covering(finding));
  if (shown.length === 0) return facts;
  const isShown = new Set(shown);
  return {
    ...facts,
    findings: [...findings, ...shown.map(({ finding }) => finding)].sort(compareFindings),
    suppressed: suppressed.filter((one) => !isShown.has(one)),
  };
}

/** The suppression comments of a tree that a change adds. @param old those that were there before */
export function addedComments(
  { suppressed, suppressions }: Suppressed,
  old: ReadonlySet<PlacedSuppression>,
): readonly AddedSuppression[] {
  const added = suppressions.filter((one) => !old.has(one));
  const covering = coveringIndex(added);
  const hidden = new Map<PlacedSuppression, Finding[]>();
  for (const { finding } of suppressed) {
    const by = covering(finding);
    if (!by) continue;
    const others = hidden.get(by);
    if (others) others.push(finding);
    else hidden.set(by, [finding]);
  }
  return added.map((one) => {
    const { path, line, column, rule, reason, function: name } = one;
    return { kind: 'comment', path, line, column, rule, reason, function: name, hidden: hidden.get(one) ?? [] };
  });
}
