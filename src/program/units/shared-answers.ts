import { type KeptAnswers, openAnswers } from '../memory/kept/answers-file.js';
import type { FileRecord } from '../memory/kept/records.js';
import type { Memory } from '../memory/memory.js';
import { functionAtPlace, type Program } from '../program.js';

type KeptPart =
  | 'facts'
  | 'keys'
  | 'ends'
  | 'depends'
  | 'settings'
  | 'marks'
  | 'packedEnds'
  | 'packed'
  | 'values'
  | 'records'
  | 'patterns';

/** What one thread found out about a tree, as it is sent to another one that analyses the same tree. */
export interface SharedAnswers extends Pick<KeptAnswers, KeptPart> {
  /** The files that were outlined. */
  readonly outlined: readonly string[];
  /** The keys of the functions that were parsed. */
  readonly lowered: readonly string[];
}

/** How the analyses of one tree in several threads get each other's answers. */
export interface Sharing {
  /** What was found out so far. */
  share(): SharedAnswers;
  /** Takes what another thread found out: nobody makes these answers again. */
  adopt(shared: SharedAnswers): void;
}

/** What other threads have said that goes into what is kept. */
export interface FromOthers {
  /** What each fact said. */
  readonly values: Map<string, string>;
  readonly records: Map<string, FileRecord>;
  readonly patterns: Map<string, readonly string[]>;
}

/** Adds what one more thread has said. @param stampOf the stamp of a file in this thread, where it has one */
export function addShared(
  others: FromOthers,
  { facts, values, records, patterns }: SharedAnswers,
  stampOf: (path: string, text: string) => string | undefined,
): void {
  for (const [index, fact] of facts.entries()) others.values.set(fact, values[index] ?? '');
  for (const [key, paths] of patterns) others.patterns.set(key, paths);
  for (const [path, record] of records) {
    const known = others.records.get(path);
    const both = known ? together(known, record) : record;
    others.records.set(path, { ...both, stamp: stampOf(path, record.text) });
  }
}

/** What two threads say of one file. */
function together(one: FileRecord, other: FileRecord): FileRecord {
  return {
    text: one.text,
    stamp: one.stamp,
    before: one.before ?? other.before,
    headers: one.headers.length > 0 ? one.headers : other.headers,
    entries: new Map([...one.entries, ...other.entries]),
    names: new Map([...one.names, ...other.names]),
    lacks: new Set([...one.lacks, ...other.lacks]),
  };
}

/** Lets a memory take the answers of another thread. All that they depend on is as it was there: nothing of them is stale. */
export function adoptAnswers(memory: Memory, program: Program, shared: SharedAnswers): void {
  const functionAt = functionAtPlace(program);
  memory.adopt((sourceOfFact) => openAnswers(shared, new Set(), { sourceOfFact, functionAt }));
}
