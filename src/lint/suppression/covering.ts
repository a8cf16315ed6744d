import type { Finding } from '../finding.js';
import type { Suppression } from './suppression-comments.js';

/**
 * Finds the last suppression that covers a finding, without a look at all of them: those of a file come in the order of
 * the text, so the lines that they begin to cover never decrease.
 */
export function coveringIndex<Order extends Suppression>(
  all: readonly Order[],
): (finding: Finding) => Order | undefined {
  const groups = new Map<string, { readonly suppressions: Order[]; readonly reach: number[] }>();
  for (const suppression of all) {
    const key = `${suppression.path}\0${suppression.rule}`;
    const group = groups.get(key) ?? { suppressions: [], reach: [] };
    groups.set(key, group);
    group.suppressions.push(suppression);
    // How far down any suppression up to this one covers lines.
    group.reach.push(Math.max(group.reach.at(-1) ?? 0, suppression.covers.last));
  }
  return (finding) => {
    const group = groups.get(`${finding.file}\0${finding.rule}`);
    if (!group) return undefined;
    let [low, high] = [0, group.suppressions.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((group.suppressions[middle]?.covers.first ?? 0) <= finding.line) low = middle + 1;
      else high = middle;
    }
    for (let at = low - 1; at >= 0 && (group.reach[at] ?? 0) >= finding.line; at--) {
      const candidate = group.suppressions[at];
      if (candidate && suppresses(candidate, finding)) return candidate;
    }
    return undefined;
  };
}

/** Whether a suppression covers a finding of its rule. */
export function suppresses({ path, rule, covers }: Suppression, finding: Finding): boolean {
  return path === finding.file && rule === finding.rule && covers.first <= finding.line && finding.line <= covers.last;
}
