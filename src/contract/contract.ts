// How is the model of a tree built?

import { releaseMemory } from '../base/collect-garbage.js';
import { during } from '../base/profile.js';
import type { SourceTree } from '../input/tree/tree.js';
import { askedHeaders, exporterOpsTag, importerOpsTag } from '../kernel/index.js';
import { readInOurNames } from '../kernel/roles/names.js';
import { type Codebase, openCodebase, type UnitStore } from '../program/index.js';
import { findAtomicSleeps } from './atomic/sleeping-calls.js';
import { describeProblem } from './attachments/api-calls.js';
import { attachArgument } from './attachments/attach-argument.js';
import { attachPlaces } from './attachments/attach-places.js';
import { type Attachments, findAttachments } from './attachments/attachments.js';
import { type AttachProblem, findAttachPaths } from './attachments/ops-at-attach.js';
import { findOutsideCallers } from './attachments/outside-callers.js';
import { findErrorResults } from './calls/error-results.js';
import { findNullResults } from './calls/null-results.js';
import { findApiDocuments } from './documents/api-documents.js';
import { type Dialect, type MarkerField, readDialect } from './documents/dialect.js';
import { buildExporters } from './exporters/exporters.js';
import { followPaths } from './followed-paths.js';
import { apiGap, gapKey, tableGap, typeGaps, unparsedFunctions, unreadableTables } from './gaps.js';
import { buildImporters } from './importers/importers.js';
import { findLateAtPins } from './importers/late-at-pin.js';
import { findLateInitialisations } from './importers/late-initialisation.js';
import { kernelVersion } from './kernel-version.js';
import { findUnmappings } from './lifetimes/directions.js';
import { completeOps, type MappingTypesOfTree, readMappingTypes } from './mapping-types/mapping-types.js';
import { findMovedMaps } from './mappings/moved-maps.js';
import { findOverwrittenDirections } from './mappings/overwritten-directions.js';
import { findTableViews } from './mappings/table-views.js';
import type { AttachPath } from './model/attachment.js';
import type { Contract } from './model/contract.js';
import { type Once, once } from './once.js';
import { findBorrowedReservations } from './order/borrowed-reservations.js';
import { findEarlyTeardowns } from './order/early-teardowns.js';
import { findOutlivedReservations } from './order/outlived-reservations.js';
import { findUnkeptBuffers } from './order/unkept-buffers.js';
import { findTestsAgainstCallbacks } from './outside-lock/against-callbacks.js';
import { findOutsideTests } from './outside-lock/outside-tests.js';
import { takesOf, undosOf } from './outside-lock/takes.js';
import { findUndestroyedImports } from './owners/undestroyed-imports.js';
import { findMissingParts, type MissingParts } from './partial/missing-parts.js';
import type { NotAnalysed } from './places.js';
import { type FoundTables, findTables } from './tables/find-tables.js';
import { startFlowThreads } from './threads/flow-threads.js';
import { unique } from './unique.js';

interface ContractOptions {
  /** The marker fields that the user named; empty to find them in the struct. */
  readonly markers: readonly MarkerField[];
  /** Further words that the C front end treats as attributes. */
  readonly attributeWords: readonly string[];
  /** Paths that are not read. */
  readonly leftOut: readonly string[];
  /** For a quick answer about one file: only its paths and locks are analysed, and no callback is followed. */
  readonly focus?: string;
  /** How many other threads may follow paths meanwhile, for rules that will judge the tree; none where it is not given. */
  readonly threads?: number;
}

const defaultContractOptions: ContractOptions = { markers: [], attributeWords: [], leftOut: [] };

/**
 * Builds the model of one tree.
 * @param store keeps answers for a later tree with few changes
 * @throws InputError where the tree has no dma-buf header
 */
export async function buildContract(
  tree: SourceTree,
  options: ContractOptions = defaultContractOptions,
  store?: UnitStore,
): Promise<Contract> {
  // The focus is no part of what opens the codebase: answers about functions do not depend on it.
  const { focus, threads: most = 0, ...opened } = options;
  const { names, unknown: unknownApi } = readInOurNames(tree);
  const codebase = await openCodebase(names.tree, { ...opened, askedHeaders }, store);
  const threads = focus === undefined ? startFlowThreads(tree, codebase, { ...opened, askedHeaders }, most) : null;
  const dialect = readDialect(codebase, options.markers);
  const documents = findApiDocuments(names.tree); // other threads read them meanwhile
  const source = readSource(codebase, dialect);
  const { exporters, unmappings, attachPaths } = await link(codebase, dialect, source);
  const { lifetimes, locks, settle } = await followPaths(codebase, threads, focus ?? null);
  const importers = during('link', () => {
    const { importerTables, attachments, types, missing } = source;
    const sources = { tables: importerTables.tables, ...attachPaths, attachments, types, missing };
    return buildImporters(codebase, dialect, { ...sources, isThorough: focus === undefined });
  });
  const statics = staticImporters(codebase, attachPaths.attachPaths, source.types);
  const notAnalysed = [
    ...tree.problems.map(({ path: file, reason }) => ({ file, line: null, function: null, reason })),
    ...unknownApi.map(apiGap),
    ...gapsOf(codebase, source, attachPaths.problems, exporters.problems),
    ...typeGaps(importers, statics, exporters.exporters),
  ];
  return {
    codebase,
    names,
    dialect,
    importers,
    staticImporters: statics,
    exporters: exporters.exporters,
    missing: source.missing,
    attachPaths: attachPaths.attachPaths,
    documents: await documents,
    uses: source.attachments.uses,
    unknownApi,
    lifetimes,
    outsideTests: once('outsideTests', () =>
      during('link', () => [
        ...findOutsideTests(codebase, takesOf(codebase, source.attachments)),
        ...findTestsAgainstCallbacks(codebase, undosOf(source.attachments), importers),
      ]),
    ),
    overwrittenDirections: once('overwrittenDirections', () =>
      during('link', () => findOverwrittenDirections(codebase, source.attachments.uses)),
    ),
    nullResults: once('nullResults', () =>
      during('flow', () => [...findNullResults(codebase), ...findErrorResults(codebase)]),
    ),
    undestroyedImports: once('undestroyedImports', () => during('link', () => findUndestroyedImports(codebase))),
    atomicSleeps: once('atomicSleeps', () => during('link', () => findAtomicSleeps(codebase))),
    tableViews: once('tableViews', () => during('link', () => findTableViews(codebase, source.attachments.uses))),
    movedMaps: once('movedMaps', () => during('link', () => findMovedMaps(codebase))),
    earlyTeardowns: once('earlyTeardowns', () => during('link', () => findEarlyTeardowns(codebase, importers))),
    outlivedReservations: once('outlivedReservations', () =>
      during('link', () => [...findOutlivedReservations(codebase), ...findBorrowedReservations(codebase)]),
    ),
    unkeptBuffers: once('unkeptBuffers', () =>
      during('link', () => findUnkeptBuffers(codebase, source.attachments.sites)),
    ),
    locks,
    settle,
    gaps: () => [...laterGaps(codebase, notAnalysed, [lifetimes, locks]), ...source.missing.gaps()],
    lateInitialisations: [
      ...findLateInitialisations(codebase, importers),
      ...findLateAtPins(codebase, importers, source.attachments.uses),
    ],
    unmappings,
    notAnalysed,
    kernelVersion: kernelVersion(tree),
  };
}

/** What the text of the tree shows before anything is followed. */
interface Source {
  readonly importerTables: FoundTables;
  readonly exporterTables: ReturnType<typeof completeOps>;
  /** Null where the core has no mapping types. */
  readonly types: MappingTypesOfTree | null;
  readonly attachments: Attachments;
  readonly missing: MissingParts;
}

function readSource(codebase: Codebase, dialect: Dialect): Source {
  const types = during('link', () => readMappingTypes(codebase));
  const importerTables = during('link', () => findTables(codebase, importerOpsTag, dialect.importerFields));
  const exporterTables = during('link', () =>
    completeOps(findTables(codebase, exporterOpsTag, dialect.exporterFields), types),
  );
  const attachments = during('link', () => findAttachments(codebase));
  const refs = [...attachments.sites, ...attachments.uses].map(({ ref }) => ref);
  const paths = [...importerTables.tables, ...exporterTables.tables, ...refs].map(({ path }) => path);
  return { types, importerTables, exporterTables, attachments, missing: findMissingParts(codebase, paths) };
}

/** Finds the attach paths of the whole tree. While other threads read the tree, builds what does not depend on them. */
async function link(
  codebase: Codebase,
  dialect: Dialect,
  { importerTables, exporterTables, attachments, missing }: Source,
) {
  const findPaths = () => during('link', () => findAttachPaths(codebase, attachments.sites, importerTables.tables));
  const meanwhile = async () => {
    const exporters = during('link', () => buildExporters(codebase, dialect, exporterTables, missing));
    await releaseMemory();
    return { exporters, unmappings: during('link', () => findUnmappings(codebase, attachments.uses)) };
  };
  const built = await findOutsideCallers(codebase, findPaths().attachPaths, meanwhile);
  await releaseMemory();
  return { ...built, attachPaths: findPaths() };
}

function gapsOf(
  codebase: Codebase,
  { importerTables, exporterTables, attachments }: Source,
  attachProblems: readonly AttachProblem[],
  notifyProblems: readonly NotAnalysed[],
): readonly NotAnalysed[] {
  return [
    ...[...importerTables.problems, ...exporterTables.problems].map((problem) => tableGap(codebase, problem)),
    ...attachments.problems.map(describeProblem),
    ...attachProblems.map(({ api, ...problem }) => ({ ...problem, reason: `attach by ${api}(): ${problem.reason}` })),
    ...notifyProblems,
    ...unreadableTables([...importerTables.tables, ...exporterTables.tables]),
    ...unparsedFunctions(codebase),
  ];
}

/** The gaps that came up after the model was built. Following paths may read further functions that cannot be parsed. */
function laterGaps(
  codebase: Codebase,
  notAnalysed: readonly NotAnalysed[],
  followed: readonly Once<{ readonly notAnalysed: readonly NotAnalysed[] }>[],
): readonly NotAnalysed[] {
  const known = new Set(notAnalysed.map(gapKey));
  const found = followed.flatMap((one) => one.made()).flatMap((result) => result.notAnalysed);
  return unique([...found, ...unparsedFunctions(codebase)], gapKey).filter((gap) => !known.has(gapKey(gap)));
}

function staticImporters(
  codebase: Codebase,
  attachPaths: readonly AttachPath[],
  types: MappingTypesOfTree | null,
): Contract['staticImporters'] {
  const sites = attachPaths
    .filter(({ table }) => table === null)
    .flatMap((path) => {
      const mappingTypes = types?.ofAttach(path) ?? null;
      const isListed = mappingTypes !== null && attachArgument(path.site, 'matches') !== undefined;
      return attachPlaces(codebase, path).map((place) => ({ place, isListed, mappingTypes }));
    });
  return unique(sites, ({ place }) => `${place.file}:${place.line}:${place.column}`);
}
