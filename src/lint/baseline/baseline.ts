import { type Finding, fingerprintOf } from '../finding.js';
import { type Marked, timelessFingerprint } from './compare.js';
import { guessRenames } from './renames.js';

/** A finding that is known and left for later: all by which it is known again, and why it may stay. */
export interface BaselineEntry extends Marked {
  readonly message: string;
  /** What people wrote about it; empty where they did not. */
  readonly reason: string;
}

/** A baseline as it was read, and from where. */
export interface Baseline {
  readonly path: string;
  readonly entries: readonly BaselineEntry[];
}

/** What has to be known of the tree and of the run to tell what an entry has become. */
export interface Looked {
  /** Whether the tree has a file. */
  hasFile(file: string): boolean;
  /** Whether a finding of this rule in this file would have been made, were it there. */
  looksAt(rule: string, file: string): boolean;
}

/** What a baseline says of the findings of a tree. */
export interface BaselineMatch {
  readonly introduced: readonly Finding[];
  /** Findings that are in it, each with its entry. */
  readonly unchanged: readonly { readonly finding: Finding; readonly entry: BaselineEntry }[];
  /** Entries whose finding is gone. */
  readonly fixed: readonly BaselineEntry[];
  /** Entries of which nothing can be said: their rule is off, or their file was left out or not wholly analysed. */
  readonly notLookedAt: readonly BaselineEntry[];
}

/**
 * Tells new findings from those in a baseline. A finding is known again when its line or its function moves, when only
 * a name of the API changes, and when its file was renamed.
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
    // A file with entries of its own is an old one.
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

/** Takes the entry of each finding out of those that are left, under the name that its file had. */
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

/** The entries of a baseline written anew: all findings, with the reasons that people gave, and what was not looked at. */
export function renewedEntries({ introduced, unchanged, notLookedAt }: BaselineMatch): readonly BaselineEntry[] {
  return [
    ...introduced.map((finding) => toEntry(finding, '')),
    ...unchanged.map(({ finding, entry }) => toEntry(finding, entry.reason)),
    ...notLookedAt,
  ].sort(compareEntries);
}

function toEntry({ rule, file, mark, message }: Finding, reason: string): BaselineEntry {
  // Numbers of lines would make a change of an entry that stays the same.
  return { rule, file, mark, message: message.replace(/\bline \d+/g, 'another line'), reason };
}

/** The fingerprint of the finding that an entry is about. */
export function entryFingerprint({ rule, file, mark }: Marked): string {
  return fingerprintOf(rule, file, mark);
}

/** By file first: entries of different files, which different people add, stand apart. */
function compareEntries(left: BaselineEntry, right: BaselineEntry): number {
  return (
    compareText(left.file, right.file) ||
    compareText(left.rule, right.rule) ||
    compareText(left.mark.subject, right.mark.subject) ||
    compareText(left.mark.sourceLine, right.mark.sourceLine) ||
    left.mark.occurrence - right.mark.occurrence
  );
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
