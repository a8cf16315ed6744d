import { timelessFingerprint } from '../baseline/compare.js';
import type { TreeFacts } from '../facts/tree-facts.js';
import type { Finding } from '../finding.js';
import type { PatchComparison } from './series.js';
import { canBeJudged } from './unjudged.js';

/** Follows the findings that an earlier patch took out of sight, until they can be judged again. */
export interface LostFindings {
  /**
   * A comparison in which those that are in sight again are old, or fixed by the patch where the tree has them no more.
   * @param renames the former name of each renamed file, by its new name
   */
  seenAgain(comparison: PatchComparison, after: TreeFacts, renames: ReadonlyMap<string, string>): PatchComparison;
}

/** Begins with no finding lost. */
export function followLost(): LostFindings {
  let lost: readonly Finding[] = [];
  return {
    seenAgain(comparison, after, renames) {
      const left = new Map(lost.map((finding) => [timelessFingerprint(finding, finding.file), finding]));
      const isOld = (finding: Finding): boolean =>
        left.delete(timelessFingerprint(finding, renames.get(finding.file) ?? finding.file));
      const again = comparison.introduced.filter(isOld);
      const gone = [...left.values()].filter((finding) => canBeJudged(finding, after));
      lost = [...[...left.values()].filter((finding) => !gone.includes(finding)), ...comparison.unjudged];
      if (again.length === 0 && gone.length === 0) return comparison;
      return {
        ...comparison,
        introduced: comparison.introduced.filter((finding) => !again.includes(finding)),
        unchanged: [...comparison.unchanged, ...again],
        fixed: [...comparison.fixed, ...gone],
      };
    },
  };
}
