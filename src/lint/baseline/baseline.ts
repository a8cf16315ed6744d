import { compareText } from '../../base/compare-text.js';
import { type Finding, fingerprintOf } from '../finding.js';
import { type Marked, timelessFingerprint } from './compare.js';
import { guessRenames } from './renames.js';

/** One entry of a baseline: a known finding, all that is needed to recognise it, and why it may stay. */
export interface BaselineEntry extends Marked {
  readonly message: string;
  /** Why it may stay, as somebody wrote it into the file; empty where nobody did. */
  readonly reason: string;
}

/** A baseline that was read from a file. */
export interface Baseline {
  readonly path: string;
  readonly entries: readonly BaselineEntry[];
}

/** What `matchBaseline()` asks about the tree and the run. */
export interface Looked {
  /** Whether the tree has a file. */
  hasFile(file: string): boolean;
  /** Whether the run could have reported this rule in this file. */
  looksAt(rule: string, file: string): boolean;
}

/** The findings of a tree, split by a baseline. */
export interface BaselineMatch {
  /** Findings that the baseline does not have. */
  readonly introduced: readonly Finding[];
  /** Findings that it has, each with its entry. */
  readonly unchanged: readonly { readonly finding: Finding; readonly entry: BaselineEntry }[];
  /** Entries whose finding is gone. */
  readonly fixed: readonly BaselineEntry[];
  /** Entries that the run could not check: the rule is off, or the file was excluded or not wholly analysed. */
  readonly notLookedAt: readonly BaselineEntry[];
}

/**
 * Splits the findings of a tree into new ones and those in a baseline. A finding is still recognised when its line or
 * function moves, when an API name on its line changes between kernel versions, and when its file is renamed.
 */
export function matchBaseline(
  entries: readonly BaselineEntry[],
  findings: readonly Finding[],
  looked: Looked,
): BaselineMatch {
  const left = new Map(entries.map((entry) => [timelessFingerprint(entry, entry.file), entry]));
  const inPlace = take(findings, left, (finding) => finding.file);
  const files = new Set(entries.map(({ file }) => file));
  const renames = guessRenames([...left.values()], inPlace.introduced, {
    isGone: (file) => !looked.hasFile(file),
    // A file with baseline entries is not new.
    isNew: (file) => !files.has(file),
  });
  const moved = take(inPlace.introduced, left, ({ file }) => renames.get(file));
  const gone = [...left.values()];
  return {
    introduced: moved.introduced,
    unchanged: [...inPlace.unchanged, ...moved.unchanged],
    fixed: gone.filter(({ rule, file }) => looked.looksAt(rule, file)),
    notLookedAt: gone.filter(({ rule, file }) => !looked.looksAt(rule, file)),
  };
}

/** Matches findings with the entries in `left`, under the former name of their file, and removes those entries from it. */
function take(
  findings: readonly Finding[],
  left: Map<string, BaselineEntry>,
  formerFile: (finding: Finding) => string | undefined,
): Pick<BaselineMatch, 'introduced' | 'unchanged'> {
  const introduced: Finding[] = [];
  const unchanged: { finding: Finding; entry: BaselineEntry }[] = [];
  for (const finding of findings) {
    const file = formerFile(finding);
    const key = file === undefined ? '' : timelessFingerprint(finding, file);
    const entry = left.get(key);
    if (entry) unchanged.push({ finding, entry });
    else introduced.push(finding);
    left.delete(key);
  }
  return { introduced, unchanged };
}

/** The entries of an updated baseline: all findings, with the reasons people wrote, and the entries that were not checked. */
export function renewedEntries({ introduced, unchanged, notLookedAt }: BaselineMatch): readonly BaselineEntry[] {
  return [
    ...introduced.map((finding) => toEntry(finding, '')),
    ...unchanged.map(({ finding, entry }) => toEntry(finding, entry.reason)),
    ...notLookedAt,
  ].sort(compareEntries);
}

function toEntry({ rule, file, mark, message }: Finding, reason: string): BaselineEntry {
  // A line number in the message would change the entry whenever lines move.
  return { rule, file, mark, message: message.replace(/\bline \d+/g, 'another line'), reason };
}

/** The fingerprint of an entry's finding. */
export function entryFingerprint({ rule, file, mark }: Marked): string {
  return fingerprintOf(rule, file, mark);
}

/** Sorts by file first: entries for different files are far apart, so that git can merge additions of different people. */
function compareEntries(left: BaselineEntry, right: BaselineEntry): number {
  return (
    compareText(left.file, right.file) ||
    compareText(left.rule, right.rule) ||
    compareText(left.mark.subject, right.mark.subject) ||
    compareText(left.mark.sourceLine, right.mark.sourceLine) ||
    left.mark.occurrence - right.mark.occurrence
  );
}
