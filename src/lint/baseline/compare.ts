import type { ApiName } from '../../contract/index.js';
import { renamedNames } from '../../kernel/index.js';
import { type Finding, fingerprintOf } from '../finding.js';
import { renamedSubjects } from './renamed-subjects.js';

/** The findings of one tree. */
export interface Found {
  readonly findings: readonly Finding[];
  /** How the tree calls the functions of the API, in which its findings are told. */
  readonly apiNames?: readonly ApiName[];
}

/** How the findings of two trees differ. */
export interface Comparison {
  /** New findings. */
  readonly introduced: readonly Finding[];
  /** Findings of the former tree that are gone. */
  readonly fixed: readonly Finding[];
  /** Findings of the new tree that the former had as well. */
  readonly unchanged: readonly Finding[];
}

/** What git says about the change between two trees. */
export interface Difference {
  /** The former name of each renamed file, by its new name. */
  readonly renames: ReadonlyMap<string, string>;
  /** The added or changed lines of the new files, 1-based, by path. */
  readonly changedLines: ReadonlyMap<string, ReadonlySet<number>>;
}

/**
 * Compares the findings of two trees. A finding is new if the former tree has no such finding, or if its trace has a
 * step on a changed line that the former trace lacks: the cause may be far from the reported line.
 */
export function compareTrees(before: Found, after: Found, difference: Difference): Comparison {
  const left = new Map(before.findings.map((finding) => [finding.fingerprint, finding]));
  const timeless = new Map(before.findings.map((finding) => [timelessFingerprint(finding, finding.file), finding]));
  const namesBefore = currentNamesOf(before);
  const namesAfter = currentNamesOf(after);
  const introduced: Finding[] = [];
  const unchanged: Finding[] = [];
  for (const finding of after.findings) {
    const oldFile = difference.renames.get(finding.file) ?? finding.file;
    const former = timeless.get(timelessFingerprint(finding, oldFile));
    const same = left.get(fingerprintOf(finding.rule, oldFile, finding.mark)) ?? left.get(former?.fingerprint ?? '');
    if (same) left.delete(same.fingerprint);
    (same && !hasNewStep([same, namesBefore], [finding, namesAfter], difference) ? unchanged : introduced).push(
      finding,
    );
  }
  const renamed = renamedSubjects(introduced, [...left.values()], difference.renames);
  const former = new Set(renamed.values());
  return {
    introduced: introduced.filter((finding) => !renamed.has(finding)),
    fixed: [...left.values()].filter((finding) => !former.has(finding)),
    unchanged: [...unchanged, ...renamed.keys()],
  };
}

/** The current name of each renamed function or member of the API, by the old name. */
const generations: ReadonlyMap<string, string> = new Map(renamedNames.map(({ old, current }) => [old, current]));

/** A text with the current names of the API. */
export function withCurrentNames(text: string): string {
  return text.replace(/\w+/g, (word) => generations.get(word) ?? word);
}

/** The part of a finding by which it is recognised in another tree. */
export type Marked = Pick<Finding, 'rule' | 'file' | 'mark'>;

/** A fingerprint that does not change when the API names on the line change between kernel versions. */
export function timelessFingerprint({ rule, mark }: Omit<Marked, 'file'>, file: string): string {
  const { subject, sourceLine, occurrence } = mark;
  return fingerprintOf(rule, file, {
    subject: withCurrentNames(subject),
    sourceLine: withCurrentNames(sourceLine),
    occurrence,
  });
}

/** A key that does not depend on the file: a finding in a renamed file has the same. */
export function markKey(marked: Marked): string {
  return timelessFingerprint(marked, '');
}

/** Whether two findings of different trees are the same finding. */
export function isSameFinding(one: Finding, other: Finding): boolean {
  return (
    one.fingerprint === other.fingerprint ||
    timelessFingerprint(one, one.file) === timelessFingerprint(other, other.file)
  );
}

/** A text about a tree, with the current names of the API for those that it has in the tree. */
type CurrentNames = (text: string) => string;

function currentNamesOf({ apiNames = [] }: Found): CurrentNames {
  const own = new Map(apiNames.flatMap(({ name, row }) => (name === row ? [] : [[name, row] as const])));
  if (own.size === 0) return withCurrentNames;
  return (text) => withCurrentNames(text.replace(/\w+/g, (word) => own.get(word) ?? word));
}

/** Whether the new trace has a step on a changed line that the former trace lacks. A new name of the API is no new step. */
function hasNewStep(
  [before, namesBefore]: readonly [Finding, CurrentNames],
  [after, namesAfter]: readonly [Finding, CurrentNames],
  { renames, changedLines }: Difference,
): boolean {
  return after.trace.some((step) => {
    if (!changedLines.get(step.file)?.has(step.line)) return false;
    const oldFile = renames.get(step.file) ?? step.file;
    return !before.trace.some((old) => old.file === oldFile && namesBefore(old.message) === namesAfter(step.message));
  });
}
