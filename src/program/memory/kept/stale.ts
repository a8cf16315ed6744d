import { textIncludes } from '../../../input/search/word-search.js';
import type { FileTables } from '../../files/file-tables.js';
import type { Program } from '../../program.js';
import { wordsOf } from '../changes.js';
import { factValue, fileOfFact, partsOf, patternOf } from './fact-values.js';
import { entriesAsked, type FileRecord, namesAsked, stampOf } from './records.js';

/** What earlier runs knew of a tree when their answers were kept. */
export interface EarlierTree {
  readonly sources: readonly string[];
  readonly mentions: readonly string[];
  readonly candidates: readonly string[];
  /** The facts that answers depend on, with what each said. */
  readonly facts: ReadonlyMap<string, string>;
  readonly records: ReadonlyMap<string, FileRecord>;
  /** The candidates that match a pattern, by its key. */
  readonly patterns: ReadonlyMap<string, readonly string[]>;
}

/** What of that is true of the tree now. */
export interface Comparison {
  /** The facts that no longer hold. */
  readonly stale: ReadonlySet<string>;
  /** The records of files as they are now. */
  readonly records: ReadonlyMap<string, FileRecord>;
  /** The files that differ. */
  readonly changed: ReadonlySet<string>;
}

/** Of more files, what changed takes longer to learn than it saves. */
const mostChanged = 2000;

/**
 * Compares a tree with what earlier runs knew of it.
 * @param program one that notes nothing
 * @param textNow the digest of the text that a file has now; empty where there is none
 * @param onPatterns called once it is known which files match a pattern, so that none is searched for that
 * @returns undefined where too much has changed
 */
export function compareWithEarlier(
  earlier: EarlierTree,
  program: Program,
  tables: FileTables,
  textNow: (path: string) => string,
  onPatterns: () => void,
): Comparison | undefined {
  const asked = askedBy(earlier.facts.keys());
  const flipped = new Set([
    ...differing(earlier.mentions, program.mentions),
    ...differing(earlier.candidates, program.candidates),
  ]);
  const before = new Set(earlier.sources === program.sources ? [] : earlier.sources);
  const added = earlier.sources === program.sources ? [] : program.sources.filter((path) => !before.has(path));
  const changed = changedFiles(earlier, program, textNow);
  const whole = new Set([...flipped, ...added]);
  if (changed.size + whole.size > mostChanged) return undefined;
  const stale = new Set<string>();
  const records = new Map(earlier.records);
  const differs = new Set([...changed, ...whole]);
  carryPatterns(earlier.patterns, program, tables, differs);
  onPatterns();
  for (const path of differs) {
    const old = earlier.records.get(path);
    const now = recordNow(program, path, asked, textNow(path), old, tables);
    for (const fact of factsChanged(program, path, asked, { old, now, isWhole: whole.has(path) })) stale.add(fact);
    if (program.has(path)) records.set(path, now);
    else records.delete(path);
  }
  for (const [fact, value] of earlier.facts) {
    const path = fileOfFact(fact);
    if (path === undefined ? factValue(program, tables, fact) !== value : changed.has(path) && isStale(fact, value))
      stale.add(fact);
  }
  return { stale, records, changed: differs };

  function isStale(fact: string, value: string): boolean {
    return fact.startsWith('file:') || factValue(program, tables, fact) !== value;
  }
}

/** Fills the table of patterns: whether a file matches that is the same, is known. */
function carryPatterns(
  patterns: EarlierTree['patterns'],
  program: Program,
  tables: FileTables,
  differs: ReadonlySet<string>,
): void {
  for (const [key, paths] of patterns) {
    const pattern = patternOf(key);
    const known = new Set(paths);
    const matches = (path: string): boolean =>
      differs.has(path) ? pattern.test(program.text(path) ?? '') : known.has(path);
    tables.patterns.set(key, { pattern, paths: program.candidates.filter(matches) });
  }
}

/** The names and words that facts are about. */
interface Asked {
  readonly names: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
}

/** The names and words that somebody asked for. */
export function askedBy(facts: Iterable<string>): Asked {
  const [names, words] = [new Set<string>(), new Set<string>()];
  for (const fact of facts) {
    const [kind, about] = partsOf(fact);
    if (kind === 'name') names.add(about);
    else if (kind === 'word') words.add(about);
  }
  return { names, words };
}

function* differing(one: readonly string[], other: readonly string[]): Iterable<string> {
  if (one === other) return;
  const [first, second] = [new Set(one), new Set(other)];
  for (const path of one) if (!second.has(path)) yield path;
  for (const path of other) if (!first.has(path)) yield path;
}

/** The files that were read whose text is another, or whose code is decided by other macros. */
function changedFiles(
  { records, sources }: EarlierTree,
  program: Program,
  textNow: (path: string) => string,
): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const [path, { text }] of records) if (textNow(path) !== text) changed.add(path);
  // A header that comes or goes may be another one's namesake: any file may include it now.
  const isAnyHeaderNew = [...differing(sources, program.sources)].some((path) => path.endsWith('.h'));
  const ofHeaders = [...changed].filter((path) => path.endsWith('.h'));
  if (isAnyHeaderNew || ofHeaders.length > 0) {
    const headers = new Set(ofHeaders);
    for (const [path, { before, headers: read }] of records)
      if (before !== null && !changed.has(path) && (isAnyHeaderNew || read.some((header) => headers.has(header))))
        if (beforeNow(program, path) !== before) changed.add(path);
  }
  return changed;
}

function beforeNow(program: Program, path: string): string | null {
  const file = program.file(path);
  return file ? file.before.digest : null;
}

function recordNow(
  program: Program,
  path: string,
  { names }: Asked,
  text: string,
  old: FileRecord | undefined,
  tables: FileTables,
): FileRecord {
  const file = program.file(path);
  const content = file?.text ?? '';
  return {
    text,
    stamp: stampOf(program, path, text),
    before: beforeNow(program, path),
    headers: [...(tables.headersRead.get(path) ?? [])],
    entries: entriesAsked(program, path, names),
    names: namesAsked(program.namesIn(path), names),
    lacks: new Set([...(old?.lacks ?? [])].filter((word) => !textIncludes(content, word))),
  };
}

interface Versions {
  readonly old: FileRecord | undefined;
  readonly now: FileRecord;
  /** Whether the file is new where names are looked for, or is no longer there. */
  readonly isWhole: boolean;
}

/** The facts about names and words that no longer hold because of one file. */
function* factsChanged(
  program: Program,
  path: string,
  asked: Asked,
  { old, now, isWhole }: Versions,
): Iterable<string> {
  for (const name of new Set([...(old?.entries.keys() ?? []), ...now.entries.keys()]))
    if (isWhole || old?.entries.get(name) !== now.entries.get(name)) yield `name:${name}`;
  for (const name of new Set([...(old?.names.keys() ?? []), ...now.names.keys()]))
    if (isWhole || old?.names.get(name) !== now.names.get(name)) yield `name:${name}`;
  for (const word of old?.lacks ?? []) if (!now.lacks.has(word)) yield `word:${word}`;
  if (!isWhole) return;
  for (const word of wordsOf(program.peek(path) ?? '')) if (asked.words.has(word)) yield `word:${word}`;
}
