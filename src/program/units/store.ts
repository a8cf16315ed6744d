import { attributeHeaders, type FunctionUnit } from '../../c/index.js';
import { changedPaths } from '../../input/tree/changes.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { moduleOf } from '../definitions.js';
import { compareTrees } from '../memory/changes.js';
import { createLastingMemory, createMemory, type Memory } from '../memory/memory.js';
import {
  createFileTables,
  createProgram,
  type FileTables,
  type Program,
  type ProgramOptions,
  surveyTree,
} from '../program.js';
import type { UnitCache } from './unit-cache.js';

/** A tree that has been opened: its program, which notes nothing, and what is remembered of the questions to it. */
export interface OpenedTree {
  readonly program: Program;
  readonly tables: FileTables;
  readonly memory: Memory;
}

/**
 * Keeps what was found out about one tree for the next, where that says how it came from the former. What is kept is
 * of one tree at a time; an earlier one stays usable, and keeps nothing any more.
 */
export interface UnitStore {
  /** Whether it keeps answers too: then what they depend on must be noted. */
  readonly isLasting: boolean;
  open(tree: SourceTree, options: ProgramOptions): Promise<OpenedTree>;
  /** Writes what was made of the files of the tree that was opened last to the cache, where there is one. */
  keep(): void;
}

/** Opens the cache for the words that mean nothing in a tree. */
export type OpenCache = (setting: string) => UnitCache;

/**
 * What a program calls for each function that cannot be parsed as a whole. It is made here, where nothing else is in
 * sight: a program must not keep the one before it.
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
  const program = createProgram(tree, survey, tables, marker(memory), undefined, cache);
  return { program, tables, memory, cache };
}

/** Creates a store for one tree: it takes what earlier runs made of its files, and leaves what it makes for later ones. */
export function createSingleStore(openCache: OpenCache): UnitStore {
  let opened: Awaited<ReturnType<typeof openAlone>> | undefined;
  return {
    isLasting: false,
    async open(tree, options) {
      opened = await openAlone(tree, options, openCache);
      return opened;
    },
    keep: () => opened?.cache?.keep(opened.tables.files, opened.tables.lowered.values()),
  };
}

interface Last {
  readonly options: string;
  readonly program: Program;
  readonly tables: FileTables;
  readonly cache: UnitCache | undefined;
}

/** Creates what several analyses of almost the same tree share. @param openCache where earlier runs are to help, too */
export function createUnitStore(openCache?: OpenCache): UnitStore {
  const lasting = createLastingMemory();
  let last: Last | undefined;
  return {
    isLasting: true,
    async open(tree, options) {
      const former = last?.options === JSON.stringify(options) ? last : undefined;
      const paths = former && changedPaths(former.program.tree, tree);
      const isNear = former && paths && !paths.some((path) => attributeHeaders.includes(path));
      const survey = await surveyTree(tree, options, isNear ? former.program.attributes : undefined);
      const memory = lasting.begin();
      // Another tree may have been opened meanwhile.
      const isKept = isNear && former === last;
      // A file that was changed and is again what it was has not changed.
      const differs = (path: string): boolean =>
        former?.program.text(path) !== (survey.isLeftOut(path) ? undefined : tree.read(path));
      const changed = isKept ? paths.filter(differs) : [];
      const tables = isKept ? tablesWithout(former.tables, new Set(changed)) : createFileTables();
      const cache = isKept ? former.cache : openCache?.(survey.attributes.text);
      const program = createProgram(
        tree,
        survey,
        tables,
        marker(memory),
        isKept ? candidateBefore(former.program, changed) : undefined,
        cache,
      );
      if (isKept) lasting.forget(carryOver(former.program, former.tables, program, tables, changed));
      else lasting.forgetAll();
      last = { options: JSON.stringify(options), program, tables, cache };
      return { program, tables, memory };
    },
    keep: () => last?.cache?.keep(last.tables.files, last.tables.lowered.values()),
  };
}

/** Whether a file that did not change was a candidate; undefined for one that did, or was not mentioned. */
function candidateBefore({ candidates, mentions }: Program, changed: readonly string[]) {
  const known = new Map<string, boolean>(mentions.map((path) => [path, false]));
  for (const path of candidates) known.set(path, true);
  for (const path of changed) known.delete(path);
  return (path: string): boolean | undefined => known.get(path);
}

/** What is known of the files that do not change. */
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
    includes: kept(old.includes),
    places: kept(old.places),
  };
}

/** Fills the tables of a tree from those of the former; returns the facts that are no longer true. */
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
    const now = isSameList ? module : moduleOf(next, folder);
    tables.modules.set(folder, now);
    if (now.shape !== module.shape) facts.add(`shape:${folder}`);
    if (now !== module && now.files.join() !== module.files.join()) facts.add(`module:${folder}`);
  }
  return facts;
}
