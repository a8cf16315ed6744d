import { renamedNames } from '../../kernel/api.js';
import type { TreeFacts } from '../facts/tree-facts.js';
import { type Finding, fingerprintOf } from '../finding.js';

/** What a change did to the findings of a tree. */
export interface Comparison {
  readonly introduced: readonly Finding[];
  readonly fixed: readonly Finding[];
  /** Findings of the new tree that are old. */
  readonly unchanged: readonly Finding[];
}

/** What lies between two trees. */
export interface Difference {
  /** Former name of each renamed file, by the new one. */
  readonly renames: ReadonlyMap<string, string>;
  /** Lines of the new files that were written, 1-based. */
  readonly changedLines: ReadonlyMap<string, ReadonlySet<number>>;
}

/**
 * Tells new findings from old. A finding is new if the former tree has none like it, or if its trace leads over a
 * changed line and tells something else there: the cause may lie far from the line that is reported.
 */
export function compareTrees(before: TreeFacts, after: TreeFacts, difference: Difference): Comparison {
  const left = new Map(before.findings.map((finding) => [finding.fingerprint, finding]));
  const timeless = new Map(before.findings.map((finding) => [timelessFingerprint(finding, finding.file), finding]));
  const introduced: Finding[] = [];
  const unchanged: Finding[] = [];
  for (const finding of after.findings) {
    const oldFile = difference.renames.get(finding.file) ?? finding.file;
    const former = timeless.get(timelessFingerprint(finding, oldFile));
    const same = left.get(fingerprintOf(finding.rule, oldFile, finding.mark)) ?? left.get(former?.fingerprint ?? '');
    if (same) left.delete(same.fingerprint);
    (same && !tellsOtherwise(same, finding, difference) ? unchanged : introduced).push(finding);
  }
  return { introduced, fixed: [...left.values()], unchanged };
}

/** Each generation of a name of the API, with the one that stands for all of them. */
const generations: ReadonlyMap<string, string> = new Map(renamedNames.map(({ old, current }) => [old, current]));

function inOneGeneration(text: string): string {
  return text.replace(/\w+/g, (word) => generations.get(word) ?? word);
}

/** What a finding is known again by. */
export type Marked = Pick<Finding, 'rule' | 'file' | 'mark'>;

/** The fingerprint that a finding has whatever generation of names its line is written in: a rename makes no new finding. */
export function timelessFingerprint({ rule, mark }: Omit<Marked, 'file'>, file: string): string {
  const { subject, sourceLine, occurrence } = mark;
  return fingerprintOf(rule, file, {
    subject: inOneGeneration(subject),
    sourceLine: inOneGeneration(sourceLine),
    occurrence,
  });
}

/** What two findings have in common that are the same but for their file. */
export function markKey(marked: Marked): string {
  return timelessFingerprint(marked, '');
}

/** Whether two findings of different trees are about the same thing. */
export function isSameFinding(one: Finding, other: Finding): boolean {
  return (
    one.fingerprint === other.fingerprint ||
    timelessFingerprint(one, one.file) === timelessFingerprint(other, other.file)
  );
}

/** Whether a step on a changed line says what no step of the former trace says. */
function tellsOtherwise(before: Finding, after: Finding, { renames, changedLines }: Difference): boolean {
  return after.trace.some((step) => {
    if (!changedLines.get(step.file)?.has(step.line)) return false;
    const oldFile = renames.get(step.file) ?? step.file;
    return !before.trace.some(
      (old) => old.file === oldFile && inOneGeneration(old.message) === inOneGeneration(step.message),
    );
  });
}
