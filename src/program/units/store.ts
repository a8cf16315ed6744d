import { attributeHeaders, type FunctionUnit, type SourceFile } from '../../c/index.js';
import { changedPaths } from '../../input/tree/changes.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { createProgram } from '../files/create-program.js';
import { createFileTables, type FileTables } from '../files/file-tables.js';
import { createMacrosBefore } from '../files/macros-before.js';
import { type Survey, surveyTree } from '../files/survey.js';
import { moduleOf } from '../lookup/modules.js';
import { compareTrees } from '../memory/changes.js';
import { packAnswers } from '../memory/kept/answers-file.js';
import { createLastingMemory, createMemory, type Memory } from '../memory/memory.js';
import type { Program, ProgramOptions } from '../program.js';
import { adoptAnswers, type Sharing } from './shared-answers.js';
import type { UnitCache } from './unit-cache.js';

/** A tree that has been opened: its program, which notes nothing, and the memory for answers about it. */
export interface OpenedTree {
  readonly program: Program;
  readonly tables: FileTables;
  readonly memory: Memory;
  /** To analyse the tree in several threads; null where most is known, or the tree is one of several. */
  readonly sharing: Sharing | null;
}

/**
 * Opens trees, and keeps what was found out about one of them for the next. It keeps one tree at a time: an earlier one
 * stays usable, but keeps nothing any more.
 */
export interface UnitStore {
  /** Whether it keeps answers for later trees. If it does, all that an answer depends on must be noted. */
  readonly notes: boolean;
  /** Opens a tree. */
  open(tree: SourceTree, options: ProgramOptions): Promise<OpenedTree>;
  /** Writes the outlines and functions of the tree that was opened last to the cache, where there is one. */
  keep(): void;
  /**
   * The digest of each text that the analysis rests on, also through answers of earlier runs; empty where the tree has no
   * such file. Null where a file changed meanwhile, undefined where nobody knows.
   */
  texts?(): ReadonlyMap<string, string> | null;
}

/** Opens the cache for trees with the same attribute words, given as one text. */
export type OpenCache = (setting: string) => UnitCache;

/**
 * What a program calls for each function that cannot be parsed as a whole. The function is made here, outside of open(),
 * since a closure made there would keep the former program in memory.
 */
function marker(memory: Memory): (unit: FunctionUnit) => void {
  return (unit) => memory.mark(unit);
}

/** Opens a tree for one analysis. */
export async function openAlone(
  tree: SourceTree,
  options: ProgramOptions,
  openCache?: OpenCache,
): Promise<OpenedTree & { readonly cache: UnitCache | undefined }> {
  const memory = createMemory();
  const tables = createFileTables();
  const survey = await surveyTree(tree, options);
  const cache = openCache?.(survey.attributes.text);
  const program = createProgram({ tree, survey, tables, onUnparsed: marker(memory), cache });
  return shared({ program, tables, memory, cache });
}

interface Alone {
  readonly program: Program;
  readonly tables: FileTables;
  readonly memory: Memory;
  readonly cache: UnitCache | undefined;
}

/** Adds how several threads share the analysis of one tree of which nothing is kept. */
function shared({ program, tables, memory, cache }: Alone): OpenedTree & Pick<Alone, 'cache'> {
  const outlined = new Set<string>();
  const lowered = new Set<string>();
  const own = {
    outlined: () => [...tables.files].flatMap(([path, file]) => (file ? [path] : [])),
    lowered: () => [...tables.lowered.keys()],
  };
  return {
    program: {
      ...program,
      parsedFiles: () => new Set([...own.outlined(), ...outlined]).size,
      loweredFunctions: () => new Set([...own.lowered(), ...lowered]).size,
    },
    tables,
    memory,
    cache,
    sharing: {
      share: () => ({
        ...packAnswers(memory.answers()),
        values: [],
        records: new Map(),
        patterns: new Map(),
        outlined: own.outlined(),
        lowered: own.lowered(),
      }),
      adopt(answers) {
        for (const path of answers.outlined) outlined.add(path);
        for (const key of answers.lowered) lowered.add(key);
        adoptAnswers(memory, program, answers);
      },
    },
  };
}

/** Creates a store for one tree, which takes outlines from earlier runs and keeps its own for later ones. */
export function createSingleStore(openCache: OpenCache): UnitStore {
  let opened: Awaited<ReturnType<typeof openAlone>> | undefined;
  return {
    notes: false,
    async open(tree, options) {
      opened = await openAlone(tree, options, openCache);
      return opened;
    },
    keep: () => opened?.cache?.keep(opened.tables.files, opened.tables.lowered.values()),
  };
}

/** The tree that was opened last. */
interface Last {
  readonly options: string;
  readonly program: Program;
  readonly tables: FileTables;
  readonly cache: UnitCache | undefined;
}

/**
 * Creates a store for several analyses of almost the same tree.
 * @param openCache opens the cache of earlier runs, where they are to help, too
 */
export function createUnitStore(openCache?: OpenCache): UnitStore {
  const lasting = createLastingMemory();
  let last: Last | undefined;
  return {
    notes: true,
    async open(tree, options) {
      const former = last?.options === JSON.stringify(options) ? last : undefined;
      const paths = former && changedPaths(former.program.tree, tree);
      const isNear = former && paths && !paths.some((path) => attributeHeaders.includes(path) || path === 'Makefile');
      const survey = await surveyTree(tree, options, isNear ? former.program.attributes : undefined);
      const memory = lasting.begin();
      // Another tree may have been opened meanwhile.
      const isKept = isNear && former === last;
      // A file that was changed and is again what it was has not changed.
      const differs = (path: string): boolean =>
        former?.program.text(path) !== (survey.isLeftOut(path) ? undefined : tree.read(path));
      const changed = isKept ? withReaders(former, paths.filter(differs), survey, tree) : [];
      const tables = isKept ? tablesWithout(former.tables, new Set(changed)) : createFileTables();
      const cache = isKept ? former.cache : openCache?.(survey.attributes.text);
      const isCandidate = isKept ? candidateBefore(former.program, changed) : () => undefined;
      const program = createProgram({
        tree,
        survey,
        tables,
        onUnparsed: marker(memory),
        isCandidate,
        keepsTexts: true,
        cache,
      });
      if (isKept) lasting.forget(carryOver(former.program, former.tables, program, tables, changed));
      else lasting.forgetAll();
      last = { options: JSON.stringify(options), program, tables, cache };
      return { program, tables, memory, sharing: null };
    },
    keep: () => last?.cache?.keep(last.tables.files, last.tables.lowered.values()),
  };
}

/** Changed files, and those whose code is decided otherwise because a header changed that defines macros for them. */
function withReaders(
  { program: former, tables }: Last,
  changed: readonly string[],
  { sources, isLeftOut, askedHeaders }: Survey,
  tree: SourceTree,
): readonly string[] {
  const headers = changed.filter((path) => path.endsWith('.h'));
  if (headers.length === 0) return changed;
  const changedSet = new Set(changed);
  const read = (path: string): string | undefined =>
    isLeftOut(path) ? undefined : changedSet.has(path) ? tree.read(path) : (former.peek(path) ?? tree.read(path));
  // A header that comes or goes may be another one's namesake: any file may include it now.
  const isAnyAsked = headers.some((path) => (former.text(path) === undefined) !== (read(path) === undefined));
  const mayDiffer = (path: string): boolean => {
    const known = tables.headersRead.get(path);
    return isAnyAsked || !known || headers.some((header) => known.has(header));
  };
  const { of: macrosBefore } = createMacrosBefore({ sources, askedHeaders, read }, new Map());
  const differs = (path: string, file: SourceFile | undefined): boolean =>
    file !== undefined &&
    !changedSet.has(path) &&
    mayDiffer(path) &&
    macrosBefore(path, file.text).digest !== file.before.digest;
  const readers = [...tables.files].flatMap(([path, file]) => (differs(path, file) ? [path] : []));
  return readers.length > 0 ? [...changed, ...readers].sort() : changed;
}

/** Whether a file was a candidate of the former tree; undefined for one that changed, or did not mention dma-bufs. */
function candidateBefore({ candidates, mentions }: Program, changed: readonly string[]) {
  const known = new Map<string, boolean>(mentions.map((path) => [path, false]));
  for (const path of candidates) known.set(path, true);
  for (const path of changed) known.delete(path);
  return (path: string): boolean | undefined => known.get(path);
}

/** The tables without the entries of changed files. */
function tablesWithout(old: FileTables, changed: ReadonlySet<string>): FileTables {
  const kept = <T>(table: ReadonlyMap<string, T>): Map<string, T> => {
    const copy = new Map(table);
    for (const path of changed) copy.delete(path);
    return copy;
  };
  return {
    ...createFileTables(),
    files: kept(old.files),
    texts: kept(old.texts),
    names: kept(old.names),
    tags: kept(old.tags),
    includes: kept(old.includes),
    macros: kept(old.macros),
    headersRead: kept(old.headersRead),
    places: kept(old.places),
  };
}

/** Fills the tables of a tree from those of the former tree; returns the facts that are no longer true. */
function carryOver(
  old: Program,
  oldTables: FileTables,
  next: Program,
  tables: FileTables,
  paths: readonly string[],
): ReadonlySet<string> {
  const changed = new Set(paths);
  const facts = new Set<string>();
  const candidates = new Set(next.candidates);
  for (const [key, { pattern, paths: before }] of oldTables.patterns) {
    const matching = paths.filter((path) => candidates.has(path) && pattern.test(next.text(path) ?? ''));
    const known = new Set(before);
    const isSame = paths.every((path) => known.has(path) === matching.includes(path));
    const after = isSame ? before : [...before.filter((path) => !changed.has(path)), ...matching].sort();
    tables.patterns.set(key, { pattern, paths: after });
    if (!isSame) facts.add(`pattern:${key}`);
  }
  const { facts: ofFiles, sameFunctions } = compareTrees(old, next, paths);
  for (const fact of ofFiles) facts.add(fact);
  for (const [key, unit] of oldTables.lowered)
    if (!changed.has(unit.path) || sameFunctions.has(key)) tables.lowered.set(key, unit);
  const isSameList = old.tree.sources.length === next.tree.sources.length && !facts.has('list:sources');
  for (const [folder, module] of oldTables.modules) {
    const now = isSameList ? module : moduleOf(next.tree, folder);
    tables.modules.set(folder, now);
    if (now.shape !== module.shape) facts.add(`shape:${folder}`);
    if (now !== module && now.files.join() !== module.files.join()) facts.add(`module:${folder}`);
  }
  return facts;
}
