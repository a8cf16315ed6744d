import { overlayTree } from '../../input/tree/overlay.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { knownAgain } from '../baseline/known-again.js';
import type { Finding } from '../finding.js';
import type { Result } from '../result.js';
import { applyEdits, areInConflict, type Fix, type FixProposal, type MadeFix, type TextEdit } from './fix.js';
import { whatIsWrong } from './fix-check.js';

/** A finding that could not be fixed though its rule has fixes, and the reason. */
export interface UnfixedFinding {
  readonly finding: Finding;
  readonly because: string;
}

/** What `fixFindings()` did. */
export interface FixOutcome {
  readonly fixed: readonly MadeFix[];
  readonly unfixed: readonly UnfixedFinding[];
  /** The new text of each changed file, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** The result for the fixed tree; what was known before stays known. */
  readonly result: Result;
}

/** Analyses a tree that differs in few files from the one analysed before. */
export type AnalyseAgain = (tree: SourceTree) => Promise<Result>;

/** Which findings to fix; by default all that have a fix. */
export interface FixChoice {
  readonly isWanted?: (finding: Finding) => boolean;
  /** Returns the reason why a file must not be changed, or null. */
  readonly whyNot?: (path: string) => string | null;
}

/**
 * Fixes findings in memory, and keeps only fixes that are proved good: with the fix the finding is gone, no new finding
 * appears, and everything that could be parsed still can. It does not fix suppressed findings, nor those in a baseline.
 * For the unchecked proposal of a rule call `before.fixes.get(finding)?.()`.
 * @param before the result for `tree`
 * @param analyse analyses the tree with fixes, with the same rules and configuration as `before`
 */
export async function fixFindings(
  tree: SourceTree,
  before: Result,
  analyse: AnalyseAgain,
  choice: FixChoice = {},
): Promise<FixOutcome> {
  const { candidates, unfixed } = proposals(before, choice);
  const tried: UnfixedFinding[] = [...unfixed];
  let result = before;
  /** Tries the rest together; if that fails, each half by itself. Few analyses where most fixes are good. */
  const keep = async (accepted: readonly MadeFix[], rest: readonly MadeFix[]): Promise<readonly MadeFix[]> => {
    const [first] = rest;
    if (!first) return accepted;
    const together = [...accepted, ...rest];
    const files = changedFiles(tree, together);
    const after = await analyse(overlayTree(tree, files));
    const wrong = whatIsWrong(before, after, together, [...files.keys()]);
    if (wrong === null) {
      result = after;
      return together;
    }
    if (rest.length === 1) {
      tried.push({ finding: first.finding, because: wrong });
      return accepted;
    }
    const half = rest.length >> 1;
    return keep(await keep(accepted, rest.slice(0, half)), rest.slice(half));
  };
  const fixed = await keep([], candidates);
  const order = new Map(before.findings.map((finding, index) => [finding, index]));
  const place = ({ finding }: UnfixedFinding | MadeFix): number => order.get(finding) ?? 0;
  return {
    fixed: [...fixed].sort((left, right) => place(left) - place(right)),
    unfixed: tried.sort((left, right) => place(left) - place(right)),
    files: changedFiles(tree, fixed),
    result: knownAgain(before, result),
  };
}

/** The fixes that the rules propose. Of two fixes that change the same text the first stays. */
function proposals(
  { findings, fixes }: Result,
  { isWanted = () => true, whyNot = () => null }: FixChoice,
): {
  readonly candidates: readonly MadeFix[];
  readonly unfixed: readonly UnfixedFinding[];
} {
  const candidates: MadeFix[] = [];
  const unfixed: UnfixedFinding[] = [];
  for (const finding of findings) {
    const propose = fixes.get(finding);
    if (!propose || !isWanted(finding)) continue;
    if (finding.confidence === 'low') {
      unfixed.push({ finding, because: 'the confidence of the finding is low' });
      continue;
    }
    const fix = propose();
    const because = obstacleTo(fix, candidates, whyNot);
    if (fix.kind === 'fix' && because === null) candidates.push({ finding, fix });
    else unfixed.push({ finding, because: because ?? '' });
  }
  return { candidates, unfixed };
}

/** The reason why a proposal cannot be tried, or null. */
function obstacleTo(
  fix: FixProposal,
  candidates: readonly MadeFix[],
  whyNot: (path: string) => string | null,
): string | null {
  if (fix.kind === 'none') return fix.because;
  const obstacle = fix.edits.map(({ path }) => whyNot(path)).find((why) => why !== null);
  if (obstacle !== undefined) return obstacle;
  const conflicts = ({ fix: other }: MadeFix): boolean =>
    fix.edits.some((edit) => other.edits.some((one) => areInConflict(edit, one)));
  return candidates.some(conflicts) ? 'another fix changes the same text; run the command again' : null;
}

/** Applies fixes to the files of a tree. @returns the new text of each changed file, by path */
export function changedFiles(tree: SourceTree, fixed: readonly { readonly fix: Fix }[]): ReadonlyMap<string, string> {
  const byPath = new Map<string, TextEdit[]>();
  for (const edit of fixed.flatMap(({ fix }) => fix.edits))
    byPath.set(edit.path, [...(byPath.get(edit.path) ?? []), edit]);
  return new Map([...byPath].map(([path, edits]) => [path, applyEdits(tree.read(path) ?? '', edits)]));
}
