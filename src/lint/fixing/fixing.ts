import { overlayTree } from '../../input/tree/overlay.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { knownAgain } from '../baseline/known-again.js';
import type { Finding } from '../finding.js';
import type { Result } from '../result.js';
import { applyEdits, areInConflict, type Fix, type TextEdit } from './fix.js';
import { whatIsWrong } from './fix-check.js';

/** A finding whose fix was made, and found good. */
export interface MadeFix {
  readonly finding: Finding;
  readonly fix: Fix;
}

/** A finding of a rule that has fixes, for which there is none, and why. */
export interface UnfixedFinding {
  readonly finding: Finding;
  readonly because: string;
}

export interface FixOutcome {
  readonly fixed: readonly MadeFix[];
  readonly unfixed: readonly UnfixedFinding[];
  /** The files as they become. */
  readonly files: ReadonlyMap<string, string>;
  /** What is found in the tree with all these fixes, but for what was old before. */
  readonly result: Result;
}

/** Analyses a tree that differs a little from the one before. */
export type AnalyseAgain = (tree: SourceTree) => Promise<Result>;

/** What of the findings is to be fixed; default: all that can be. */
export interface FixChoice {
  readonly isWanted?: (finding: Finding) => boolean;
  /** Says why a file cannot be changed, or null. */
  readonly whyNot?: (path: string) => string | null;
}

/**
 * Fixes what can surely be fixed, in memory. A fix is kept only if in the tree with it the finding is gone, nothing new
 * is found and nothing has become unreadable. Suppressed findings and
 * old ones are not fixed.
 * What a rule proposes for a finding can be had without that check, as edits: `before.fixes.get(finding)?.()`.
 * @param before what was found in the tree
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
  /** All that hold beside those accepted: together where that goes, else by halves. */
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

/** What the rules propose; of two fixes that change the same text the first one stays. */
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
    const obstacle = fix.kind === 'fix' ? fix.edits.map(({ path }) => whyNot(path)).find((why) => why !== null) : null;
    if (fix.kind === 'none') unfixed.push({ finding, because: fix.because });
    else if (obstacle) unfixed.push({ finding, because: obstacle });
    else if (
      candidates.some((other) => fix.edits.some((edit) => other.fix.edits.some((one) => areInConflict(edit, one))))
    )
      unfixed.push({ finding, because: 'another fix changes the same text; run it again' });
    else candidates.push({ finding, fix });
  }
  return { candidates, unfixed };
}

/** The texts of the files that fixes change, with them. */
export function changedFiles(tree: SourceTree, fixed: readonly { readonly fix: Fix }[]): ReadonlyMap<string, string> {
  const byPath = new Map<string, TextEdit[]>();
  for (const edit of fixed.flatMap(({ fix }) => fix.edits))
    byPath.set(edit.path, [...(byPath.get(edit.path) ?? []), edit]);
  return new Map([...byPath].map(([path, edits]) => [path, applyEdits(tree.read(path) ?? '', edits)]));
}
