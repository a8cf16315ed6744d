import { shortDigest } from '../../../base/digest.js';
import { type FileTables, nowhere } from '../../files/file-tables.js';
import type { Program } from '../../program.js';
import { entriesOf } from '../changes.js';

/** What is kept of a file that was read, to tell in a later run what of it has changed. */
export interface FileRecord {
  /** A digest of its text; empty where the tree had no such file. */
  readonly text: string;
  /** What tells the text without reading it; undefined where nothing does. */
  readonly stamp: string | undefined;
  /** What tells the macros known where it begins, as {@link macroTableOf} reads it; null where it was not outlined. */
  readonly before: string | null;
  /** The headers that were read for these macros. */
  readonly headers: readonly string[];
  /** What it says of each name that somebody asked for, as digests. */
  readonly entries: ReadonlyMap<string, string>;
  /** The names among those that it may define or declare, and whether it may define them. */
  readonly names: ReadonlyMap<string, boolean>;
  /** The words that were looked for in it, and do not stand there. */
  readonly lacks: ReadonlySet<string>;
}

/** The names that somebody asked the meaning of. */
type Asked = ReadonlySet<string>;

/** What an outlined file says of the names that were asked for. */
export function entriesAsked(program: Program, path: string, asked: Asked): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, entry] of entriesOf(program.file(path), asked)) found.set(name, shortDigest(entry));
  return found;
}

/** The names that were asked for among those that a file may define. */
export function namesAsked(names: ReadonlyMap<string, boolean> | undefined, asked: Asked): Map<string, boolean> {
  const found = new Map<string, boolean>();
  for (const [name, isDefined] of names ?? []) if (asked.has(name)) found.set(name, isDefined);
  return found;
}

/**
 * Makes the records of all files that this run has read, or an earlier one of which something is kept.
 * @param texts the digest of each text that was read
 * @param earlier the records of earlier runs, as far as they are true of this tree
 */
export function makeRecords(
  program: Program,
  tables: FileTables,
  texts: ReadonlyMap<string, string>,
  asked: Asked,
  earlier: ReadonlyMap<string, FileRecord>,
): ReadonlyMap<string, FileRecord> {
  const records = new Map(earlier);
  for (const [path, text] of texts) {
    const known = earlier.get(path);
    const file = tables.files.get(path);
    records.set(path, {
      text,
      stamp: stampOf(program, path, text),
      before: file ? file.before.digest : (known?.before ?? null),
      headers: [...(tables.headersRead.get(path) ?? known?.headers ?? [])],
      entries: file ? entriesAsked(program, path, asked) : (known?.entries ?? new Map()),
      names: new Map([...(known?.names ?? []), ...namesAsked(tables.names.get(path), asked)]),
      lacks: new Set([...(known?.lacks ?? []), ...lackedWords(tables, path)]),
    });
  }
  return records;
}

/** A file that cannot be read has no stamp: each run says so. */
export function stampOf({ tree }: Program, path: string, text: string): string | undefined {
  return text === '' ? undefined : tree.stampOf?.(path);
}

function* lackedWords({ places, lacks }: FileTables, path: string): Iterable<string> {
  // A word may stand in comments only: then there is an answer, and it is empty.
  for (const [word, found] of places.get(path) ?? []) if (found === nowhere) yield word;
  yield* lacks.get(path) ?? [];
}
