import { digestOfText } from '../../base/digest.js';
import { during } from '../../base/profile.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { createProgram } from '../files/create-program.js';
import { createFileTables, type FileTables, patternKey } from '../files/file-tables.js';
import { kernelDigest } from '../files/macros-before.js';
import { surveyTree } from '../files/survey.js';
import { includesSource } from '../files/translation-units.js';
import {
  type AnswerParts,
  factsUsed,
  type KeptAnswers,
  openAnswers,
  packAnswers,
} from '../memory/kept/answers-file.js';
import { factValue, partsOf } from '../memory/kept/fact-values.js';
import { makeRecords, stampOf } from '../memory/kept/records.js';
import { askedBy, type Comparison, compareWithEarlier } from '../memory/kept/stale.js';
import { createKeptMemory, type EarlierAnswers, type KeptMemory } from '../memory/memory.js';
import type { Source } from '../memory/shelf.js';
import { functionAtPlace, type Program, type ProgramOptions } from '../program.js';
import { type AnswersFile, type AnswersPlace, type FoundAnswers, openAnswersFile } from './answers-place.js';
import { addShared, adoptAnswers, type FromOthers, type SharedAnswers } from './shared-answers.js';
import type { OpenCache, OpenedTree, UnitStore } from './store.js';
import type { UnitCache } from './unit-cache.js';

/** To write all answers takes longer than to make one in so many of them again. */
const worthWriting = 50;

/** If more files than these have another stamp and the same text, new stamps are written. */
const mostRestamped = 100;

/**
 * Creates a store for one tree, which takes answers, outlines and functions from earlier runs and keeps its own for later
 * ones. An answer is taken only where all that it depends on is the same in this tree, whatever tree it was made for.
 */
export function createKeptStore(openCache: OpenCache, place: AnswersPlace): UnitStore {
  let opened: Opened | undefined;
  return {
    notes: true,
    async open(tree, options) {
      opened = await openKept(tree, options, openCache, (setting) => openAnswersFile(place, setting));
      return opened;
    },
    keep() {
      if (!opened) return;
      opened.cache.keep(opened.tables.files, opened.tables.lowered.values());
      opened.keepAnswers();
    },
    texts: () => opened?.textsUsed() ?? null,
  };
}

const noUnits: UnitCache = { file: () => undefined, lowered: () => undefined, keep: () => undefined };
const nowhere: AnswersFile = { read: () => undefined, write: () => undefined };

/** Creates a store whose answers go to another thread, which keeps them: what each answer depends on is noted. */
export function createNotingStore(): UnitStore {
  return {
    notes: true,
    open: (tree, options) =>
      openKept(
        tree,
        options,
        () => noUnits,
        () => nowhere,
      ),
    keep: () => undefined,
  };
}

interface Opened extends OpenedTree {
  readonly cache: UnitCache;
  keepAnswers(): void;
  textsUsed(): ReadonlyMap<string, string> | null;
}

async function openKept(
  tree: SourceTree,
  options: ProgramOptions,
  openCache: OpenCache,
  openFile: (setting: string) => AnswersFile,
): Promise<Opened> {
  const tables = createFileTables();
  const survey = await surveyTree(tree, options);
  const cache = openCache(survey.attributes.text);
  const version = kernelDigest(tree.read('Makefile'));
  const file = openFile(JSON.stringify([options, survey.attributes.text, version]));
  const found = during('answers', () => file.read());
  const texts = new Map<string, string>();
  // The texts of files of which only the stamp was looked at.
  const unread = new Map<string, string>();
  // A file that somebody changes while it is analysed says two things: then nothing of this analysis is kept.
  let isChanging = false;
  const { memory, begin } = beginningMemory();
  const others: FromOthers = { values: new Map(), records: new Map(), patterns: new Map() };
  // To learn what has changed is no part of the analysis, nor is to write what is known.
  let isAnalysing = true;
  let known: Known | undefined;
  const program = createProgram({
    tree,
    survey,
    tables,
    cache,
    isCandidate: candidateBefore(tree, found, unread),
    onUnparsed: (unit) => isAnalysing && memory.mark(unit),
    // The text is what was read, which may be newer than the stamp.
    onRead(path, text) {
      const now = text === undefined ? '' : digestOfText(text);
      const before = texts.get(path) ?? known?.textTaken(path);
      if (before !== undefined && before !== now) isChanging = true;
      texts.set(path, now);
    },
    onUse: (fact) => isAnalysing && memory.note(fact),
    macrosKnown: (path) => known?.macros(path),
    lacks: (path, word) => known?.records.get(path)?.lacks.has(word) ?? false,
  });
  const findUnits = (): void => {
    isAnalysing = true;
    program.units();
    isAnalysing = false;
  };
  during('answers', () => {
    isAnalysing = false;
    known = found && compareKept(found, program, tables, texts, findUnits);
    findUnits();
    if (known) begin(known, functionAtPlace(program));
    isAnalysing = true;
  });
  return {
    program: { ...program, ...countsOf(memory) },
    tables,
    memory,
    cache,
    sharing: known
      ? null
      : {
          share() {
            isAnalysing = false;
            return sharedOf({ program, tables, texts, memory }, others);
          },
          adopt(shared) {
            for (const [path, { text }] of shared.records) if (text !== (texts.get(path) ?? text)) isChanging = true;
            addShared(others, shared, (path, text) => stampOf(program, path, text));
            adoptAnswers(memory, program, shared);
          },
        },
    textsUsed() {
      const ofOthers = [...(known?.records ?? []), ...others.records].map(([path, { text }]) => [path, text] as const);
      return isChanging ? null : new Map([...ofOthers, ...unread, ...texts]);
    },
    keepAnswers() {
      isAnalysing = false;
      if (isChanging || (known && !known.isWorn && memory.made() < known.kept.keys.length / worthWriting)) return;
      during('answers', () => file.write(keptOf({ program, tables, texts, memory }, known, others)));
    },
  };
}

/** A memory that is told later what earlier runs know: what is read until then depends on nothing of it. */
function beginningMemory(): {
  readonly memory: KeptMemory;
  begin(known: Known, functionAt: AnswerParts['functionAt']): void;
} {
  let earlier: EarlierAnswers | undefined;
  let sourceOf: ((fact: string) => Source) | undefined;
  const memory = createKeptMemory((sourceOfFact) => {
    sourceOf = sourceOfFact;
    return { get: (key) => earlier?.get(key) };
  });
  return {
    memory,
    begin({ kept, stale }, functionAt) {
      if (sourceOf) earlier = openAnswers(kept, stale, { sourceOfFact: sourceOf, functionAt });
    },
  };
}

/**
 * Whether a file is a candidate, where its stamp tells that it is as an earlier run read it.
 * @param unread gets the digest of its text then
 */
function candidateBefore(
  tree: SourceTree,
  found: FoundAnswers | undefined,
  unread: Map<string, string>,
): (path: string) => boolean | undefined {
  if (!found?.isOwn) return () => undefined;
  const { kept } = found;
  const [mentions, candidates] = [new Set(kept.mentions), new Set(kept.candidates)];
  return (path) => {
    const text = mentions.has(path) ? textByStamp(tree, path, kept) : undefined;
    if (text === undefined) return undefined;
    unread.set(path, text);
    return candidates.has(path);
  };
}

/** What earlier runs kept, and what of it holds. */
interface Known extends Comparison {
  readonly kept: KeptAnswers;
  /** The facts of earlier runs, with what each said. */
  readonly facts: ReadonlyMap<string, string>;
  /** Whether what is kept is of another tree, or its stamps tell little of this one: to read it costs more than to write it. */
  readonly isWorn: boolean;
  /** The digest of the text that an earlier run read, where this one took that text to be the same unread. */
  textTaken(path: string): string | undefined;
  /** The digest of the macros known where a file begins; undefined where it is new, or was not outlined. */
  macros(path: string): string | undefined;
}

function compareKept(
  { kept, isOwn }: FoundAnswers,
  program: Program,
  tables: FileTables,
  texts: ReadonlyMap<string, string>,
  onPatterns: () => void,
): Known | undefined {
  const facts = new Map(kept.facts.map((fact, index) => [fact, kept.values[index] ?? '']));
  let restamped = 0;
  const taken = new Set<string>();
  const textNow = (path: string): string => {
    if (!texts.has(path)) {
      // Stamps of another tree say nothing of the files of this one.
      const text = isOwn ? textByStamp(program.tree, path, kept) : undefined;
      if (text !== undefined) {
        taken.add(path);
        return text;
      }
      if (kept.records.get(path)?.text === '' && !program.tree.has(path)) return '';
      program.peek(path);
      const read = texts.get(path);
      // A file that is not there has no stamp.
      if (read && read === kept.records.get(path)?.text) restamped++;
    }
    return texts.get(path) ?? '';
  };
  const { sources } = program;
  const earlier = { ...kept, facts, sources: kept.sources === sources.join('\n') ? sources : kept.sources.split('\n') };
  const comparison = compareWithEarlier(earlier, program, tables, textNow, onPatterns);
  if (!comparison) return undefined;
  const { changed, records } = comparison;
  const macros = (path: string): string | undefined =>
    changed.has(path) ? undefined : (records.get(path)?.before ?? undefined);
  const textTaken = (path: string): string | undefined => (taken.has(path) ? kept.records.get(path)?.text : undefined);
  return { ...comparison, kept, facts, macros, textTaken, isWorn: !isOwn || restamped > mostRestamped };
}

/** The digest of a text that an earlier run has read, where the stamp of the file tells that it is the same. */
function textByStamp(
  tree: SourceTree,
  path: string,
  known: Pick<KeptAnswers, 'records'> | undefined,
): string | undefined {
  const record = known?.records.get(path);
  return record?.stamp !== undefined && tree.stampOf?.(path) === record.stamp ? record.text : undefined;
}

/** How much was outlined and parsed, also for the answers of earlier runs: as much as without them. */
function countsOf(memory: KeptMemory): Pick<Program, 'parsedFiles' | 'loweredFunctions'> {
  let [size, facts]: [number, ReadonlySet<string>] = [-1, new Set()];
  const count = (kind: string): number => {
    const used = memory.used();
    if (used.size !== size) [size, facts] = [used.size, factsUsed(used)];
    return [...facts].filter((fact) => fact.startsWith(`${kind}:`)).length;
  };
  return { parsedFiles: () => count('outlined'), loweredFunctions: () => count('lowered') };
}

interface Analysed {
  readonly program: Program;
  readonly tables: FileTables;
  readonly texts: ReadonlyMap<string, string>;
  readonly memory: KeptMemory;
}

/** What is kept of an analysis of which no earlier run knows anything, for another thread. */
function sharedOf(analysed: Analysed, others: FromOthers): SharedAnswers {
  const facts = factsUsed(analysed.memory.used());
  const of = (kind: string): readonly string[] =>
    [...facts].flatMap((fact) => (fact.startsWith(`${kind}:`) ? [fact.slice(kind.length + 1)] : []));
  return { ...keptOf(analysed, undefined, others), outlined: of('outlined'), lowered: of('lowered') };
}

/** What is kept of an analysis, with what earlier runs and other threads know. */
function keptOf(
  { program, tables, texts, memory }: Analysed,
  known: Known | undefined,
  others: FromOthers,
): KeptAnswers {
  const used = packAnswers(memory.used());
  const { names } = askedBy(used.facts);
  const said = (fact: string): string =>
    (known?.stale.has(fact) ? undefined : known?.facts.get(fact)) ??
    others.values.get(fact) ??
    factValue(program, tables, fact);
  return {
    ...used,
    sources: program.sources.join('\n'),
    mentions: program.mentions,
    candidates: program.candidates,
    values: used.facts.map(said),
    patterns: new Map([...others.patterns, ...patternsUsed(tables, used.facts)]),
    records: makeRecords(program, tables, texts, names, known?.records ?? others.records),
  };
}

function patternsUsed({ patterns }: FileTables, facts: readonly string[]): KeptAnswers['patterns'] {
  const kept = new Map<string, readonly string[]>();
  const asked = facts.map(partsOf).flatMap(([kind, key]) => (kind === 'pattern' ? [key] : []));
  // What is compiled as one is asked before anything is noted.
  for (const key of [...asked, patternKey(includesSource)]) {
    const known = patterns.get(key);
    if (known) kept.set(key, known.paths);
  }
  return kept;
}
