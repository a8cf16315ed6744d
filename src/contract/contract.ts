import { collectGarbage } from '../base/collect-garbage.js';
import { during } from '../base/profile.js';
import { followLocks, followTree, readConvention } from '../flow/index.js';
import type { SourceTree } from '../input/tree/tree.js';
import { dmaBufCore, dynamicAttach, exporterOpsTag, importerOpsTag, renamedNames } from '../kernel/api.js';
import { type Codebase, openCodebase, type UnitStore } from '../program/index.js';
import { findAttachments } from './attachments/attachments.js';
import { findReaches } from './attachments/ops-at-attach.js';
import { widenScopes } from './attachments/outside-callers.js';
import { type MarkerField, readDialect } from './documents/dialect.js';
import { buildExporters } from './exporters/exporters.js';
import { buildImporters } from './importers/importers.js';
import { findLateSetUps } from './importers/publication.js';
import { findUnmappings } from './lifetimes/directions.js';
import { readPathFacts } from './lifetimes/leaks-and-misuses.js';
import { type LockFacts, readLockFacts } from './lifetimes/lock-facts.js';
import type { Contract } from './model.js';
import type { NotAnalysed } from './places.js';
import { placeOf } from './places.js';
import { findTables, type OpsTable, type TableProblem } from './tables/tables.js';

export interface ContractOptions {
  /** Marker fields named by the user; empty to recognise them from the struct. */
  readonly markers: readonly MarkerField[];
  readonly attributeWords: readonly string[];
  readonly leftOut: readonly string[];
  /** The only file whose paths and locks are asked for, in a hurry: no callback is followed. Not given: all files. */
  readonly focus?: string;
}

export const defaultContractOptions: ContractOptions = { markers: [], attributeWords: [], leftOut: [] };

/**
 * Builds the model of one tree.
 * @param store keeps what is found out for a later tree that differs little
 * @throws InputError where the tree has no dma-buf header
 */
export async function buildContract(
  tree: SourceTree,
  options: ContractOptions = defaultContractOptions,
  store?: UnitStore,
): Promise<Contract> {
  // What is known of functions does not depend on where one begins.
  const { focus, ...opened } = options;
  const codebase = await openCodebase(tree, opened, store);
  const dialect = readDialect(codebase, options.markers);
  const documents = findDocuments(tree); // read by other threads meanwhile
  const importerTables = during('link', () => findTables(codebase, importerOpsTag, dialect.importerFields));
  const exporterTables = during('link', () => findTables(codebase, exporterOpsTag, dialect.exporterFields));
  const attachments = during('link', () => findAttachments(codebase));
  const first = during('link', () => findReaches(codebase, attachments.sites, importerTables.tables));
  const paths = once(() => during('flow', () => readPathFacts(codebase, followTree(codebase, focus))));
  // What needs nothing of what the search finds is made while other threads read.
  const makeOurs = () => {
    paths();
    collectGarbage();
    return {
      exporters: during('link', () =>
        buildExporters(codebase, dialect, exporterTables.tables, exporterTables.embedders),
      ),
      unmappings: during('link', () => findUnmappings(codebase, attachments.uses)),
    };
  };
  const { exporters, unmappings } = await widenScopes(codebase, first.reaches, makeOurs);
  collectGarbage();
  const { reaches, problems } = during('link', () => findReaches(codebase, attachments.sites, importerTables.tables));
  const importers = during('link', () =>
    buildImporters(codebase, dialect, importerTables.tables, reaches, attachments, focus === undefined),
  );
  const locks = once(() => {
    collectGarbage();
    return during('flow', () => findLockFacts(codebase, focus));
  });
  const staticImporters = reaches.filter((reach) => reach.table === null).map(({ site }) => ({ place: site.place }));
  const notAnalysed = [
    ...tree.problems.map((problem) => ({ file: problem.path, line: null, function: null, reason: problem.reason })),
    ...[...importerTables.problems, ...exporterTables.problems].map((problem) => tableProblem(codebase, problem)),
    ...attachments.problems,
    ...problems.map((problem) => ({ ...problem, reason: `attach by ${dynamicAttach}(): ${problem.reason}` })),
    ...exporters.problems,
    ...unreadableTables([...importerTables.tables, ...exporterTables.tables]),
    ...unparsedFunctions(codebase),
  ];
  return {
    codebase,
    dialect,
    importers,
    staticImporters: unique(staticImporters, ({ place }) => `${place.file}:${place.line}:${place.column}`),
    exporters: exporters.exporters,
    reaches,
    documents: await documents,
    uses: attachments.uses,
    locks,
    paths,
    gaps() {
      const known = new Set(notAnalysed.map(gapKey));
      const followed = [...paths.known(), ...locks.known()].flatMap(({ notAnalysed }) => notAnalysed);
      // What was followed may have read functions that cannot be parsed as a whole.
      return unique([...followed, ...unparsedFunctions(codebase)], gapKey).filter((gap) => !known.has(gapKey(gap)));
    },
    lateSetUps: findLateSetUps(codebase, importers),
    unmappings,
    notAnalysed,
    kernelVersion: kernelVersion(tree),
  };
}

async function findDocuments(tree: SourceTree): Promise<Contract['documents']> {
  const { hits } = await tree.search(
    tree.documentation,
    ['dma_buf_', ...renamedNames.flatMap(({ old, kind }) => (kind === 'member' ? [old] : []))],
    false,
  );
  return [...new Set(hits.flat())].sort().flatMap((path) => {
    const text = tree.read(path);
    return text === undefined ? [] : [{ path, text }];
  });
}

function tableProblem(codebase: Codebase, problem: TableProblem): NotAnalysed {
  const place = placeOf(codebase, problem.path, problem.at, null);
  return { file: place.file, line: place.line, function: problem.function, reason: problem.reason };
}

function unreadableTables(tables: readonly OpsTable[]): readonly NotAnalysed[] {
  return tables.flatMap((table) =>
    table.unreadable
      ? [
          {
            file: table.path,
            line: table.line,
            function: table.local?.outline.name ?? null,
            reason: `ops table '${table.name}': ${table.unreadable}`,
          },
        ]
      : [],
  );
}

/** Functions that had to be looked into and could not be read as a whole. */
function unparsedFunctions(codebase: Codebase): readonly NotAnalysed[] {
  const units = [...codebase.memory.marks()].sort((left, right) =>
    left.path === right.path ? left.start - right.start : left.path < right.path ? -1 : 1,
  );
  return units.flatMap((unit) => {
    const [first] = unit.unparsed;
    if (!first) return [];
    const place = placeOf(codebase, unit.path, first.at, null);
    return [
      { file: unit.path, line: place.line, function: unit.name, reason: 'part of the function cannot be parsed' },
    ];
  });
}

/** A tree that has no convention, as before Linux 6.2, is not judged by a later one. */
function findLockFacts(codebase: Codebase, focus: string | undefined): LockFacts {
  const convention = readConvention(codebase);
  if (convention) return readLockFacts(codebase, followLocks(codebase, convention, focus));
  const reason = "no 'DOC: locking convention' in this tree: the reservation lock is not judged";
  return { facts: [], notAnalysed: [{ file: dmaBufCore, line: null, function: null, reason }] };
}

function gapKey({ file, line, function: name, reason }: NotAnalysed): string {
  return `${file}:${line}:${name}:${reason}`;
}

/** Makes something when it is first asked for; `known` is what was made by then. */
function once<T>(make: () => T): (() => T) & { known(): readonly T[] } {
  const made: T[] = [];
  const ask = (): T => {
    const [known] = made;
    if (known !== undefined) return known;
    const fresh = make();
    made.push(fresh);
    return fresh;
  };
  return Object.assign(ask, { known: () => made });
}

function unique<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(keyOf(item)) && seen.add(keyOf(item)));
}

/** The version that the tree's Makefile gives, or null. */
export function kernelVersion(tree: SourceTree): string | null {
  const makefile = tree.read('Makefile');
  const word = (name: string): string | undefined =>
    new RegExp(`^${name}\\s*=[ \\t]*(\\S*)`, 'm').exec(makefile ?? '')?.[1];
  const version = word('VERSION');
  if (!version || !/^\d+$/.test(version)) return null;
  const numbers = [version, word('PATCHLEVEL'), word('SUBLEVEL')].filter((part) => part !== undefined && part !== '');
  return numbers.join('.') + (word('EXTRAVERSION') ?? '');
}
