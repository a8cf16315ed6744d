import { rules } from '../../../../rules/index.js';
import type { SourceTree } from '../../../input/tree/tree.js';
import {
  addedComments,
  compareFindings,
  honouring,
  oldSuppressions,
  type Result,
  runChangeRules,
  type TreeFacts,
} from '../../../lint/index.js';
import type { ChangeSettings } from './change-settings.js';

/** The tree before a change. */
interface Former {
  readonly old: TreeFacts;
  readonly before: SourceTree;
  /** The former name of each renamed file, by its new name. */
  readonly renames: ReadonlyMap<string, string>;
}

/**
 * Makes what takes the suppressions of a change out of a result: the findings that they hide are findings again, and the
 * suppressions are findings too.
 */
export function changeReview(
  { old, before, renames }: Former,
  { config, added, textOf }: ChangeSettings,
): (result: Result, tree: SourceTree) => Result {
  return (result, tree) => {
    const side = { suppressions: result.suppressions, textOf: tree.read };
    const former = { suppressions: old.suppressions, textOf: before.read };
    const isSame = (path: string): boolean => before.read(path) === tree.read(path);
    const counting = oldSuppressions(former, side, { renames, isChanged: (path) => !isSame(path) });
    const all = [...addedComments(result, counting), ...added];
    const sources = new Set(tree.sources);
    const findings = runChangeRules(all, rules, config, (path) => (sources.has(path) ? tree.read(path) : textOf(path)));
    const shown = honouring(result, counting);
    return { ...shown, findings: [...shown.findings, ...findings].sort(compareFindings) };
  };
}
