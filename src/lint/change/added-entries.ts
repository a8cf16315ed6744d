import { type PlacedEntry, readEntries } from '../baseline/baseline-file.js';
import { timelessFingerprint } from '../baseline/compare.js';
import { ConfigError } from '../config/config.js';
import { type AddedSuppression, listed } from './added.js';
import type { TextChange } from './added-settings.js';

/**
 * The entries that a change adds to a baseline.
 * @param renames the former name of each renamed file: its entries are old
 */
export function addedEntries(change: TextChange, renames: ReadonlyMap<string, string>): readonly AddedSuppression[] {
  const { path, before, after } = change;
  if (before === after || after === null) return [];
  const now = entriesOf(after, path);
  if (now instanceof ConfigError) return [{ kind: 'unusable', why: now.message, path, line: 1, column: 1 }];
  const former = before === null ? [] : entriesOf(before, path);
  const keys = new Set(
    former instanceof ConfigError ? [] : former.map(({ entry }) => timelessFingerprint(entry, entry.file)),
  );
  const isOld = ({ entry }: PlacedEntry): boolean =>
    keys.has(timelessFingerprint(entry, entry.file)) ||
    keys.has(timelessFingerprint(entry, renames.get(entry.file) ?? entry.file));
  const added = now.filter((one) => !isOld(one));
  return listed('entry', added, ({ entry: { rule, file, reason }, line }) => ({
    kind: 'entry',
    rule,
    file,
    reason,
    path,
    line,
    column: 1,
  }));
}

function entriesOf(text: string, path: string): readonly PlacedEntry[] | ConfigError {
  try {
    return readEntries(text, path);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}
