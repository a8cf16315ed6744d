import { byPlace } from './by-place.js';
import type { Contract } from './model/contract.js';
import type { Exporter } from './model/exporter.js';
import type { Importer } from './model/importer.js';
import type { MappingTypes } from './model/mapping-types.js';
import type { Place } from './places.js';
import { unique } from './unique.js';

/** What the importers and exporters of a tree do, as plain data for JSON, comparison and storage. Part of the published result. */
export type Inventory = ReturnType<typeof inventoryOf>;
export type ImporterFacts = Inventory['importers'][number];
export type ExporterFacts = Inventory['exporters'][number];

type PlaceFacts = {
  readonly file: string;
  readonly line: number;
  readonly function: string | null;
};

/** Makes the inventory of a tree, each list sorted by place. */
export function inventoryOf(contract: Contract) {
  return {
    dialect: dialectFacts(contract),
    importers: contract.importers.map(importerFacts).sort(byPlace),
    staticImporters: contract.staticImporters.map(({ place }) => placeFacts(place)).sort(byPlace),
    exporters: contract.exporters.map(exporterFacts).sort(byPlace),
  };
}

function dialectFacts({ dialect }: Contract) {
  return {
    // Null where importers have no ops, as up to Linux 5.6.
    callback: dialect.hasCallback ? dialect.callback : null,
    notify: dialect.hasCallback ? dialect.notify : null,
    revocableCheck: dialect.revocableCheck,
    markers: dialect.markers.map((marker) => marker.field) as readonly string[],
  };
}

function importerFacts(importer: Importer) {
  const { table, verdict } = importer;
  return {
    ops: table.name,
    file: table.path,
    line: table.line,
    allowPeer2peer: importer.allowPeer2peer,
    callback: importer.callback,
    // The published format has five kinds; what such a callback does instead of an unmap is not known.
    callbackKind: verdict.kind === 'never-unmaps' || verdict.kind === 'defers' ? ('opaque' as const) : verdict.kind,
    pins: importer.pins,
    pinSites: places(importer.pinUses.map((pin) => pin.use.place)),
    attachSites: places(importer.attachPlaces),
    usedBy: places(importer.usedBy),
    status: importer.status,
    ...(importer.mappingTypes ? { mappingTypes: importer.mappingTypes.map(typeFacts) } : {}),
  };
}

function exporterFacts(exporter: Exporter) {
  return {
    ops: exporter.table.name,
    file: exporter.table.path,
    line: exporter.table.line,
    pin: exporter.pin,
    unpin: exporter.unpin,
    pinPolicy: exporter.pinPolicy,
    requiresPeer2peer: exporter.requiresPeer2peer,
    invalidates: places(exporter.invalidations.map((invalidation) => invalidation.place)),
    revokes: exporter.revokes,
    rejectsNonRevocable: exporter.rejectsNonRevocable,
    waitsForFences: exporter.waitsForFences,
    waitsForUnmap: exporter.waitsForUnmap,
    ...(exporter.mappingTypes ? { mappingTypes: typeFacts(exporter.mappingTypes) } : {}),
  };
}

/** A list of mapping types, for JSON. Only trees whose core has mapping types have any. */
export function typeFacts({ entries, unknown }: MappingTypes) {
  return {
    entries: entries.map(({ type, peer2peer, isCertain, step }) => ({
      type,
      peer2peer,
      always: isCertain,
      file: step.file,
      line: step.line,
    })),
    unknown,
  };
}

function placeFacts({ file, line, function: inside }: Place): PlaceFacts {
  return { file, line, function: inside };
}

function places(list: readonly Place[]): readonly PlaceFacts[] {
  return [...unique(list.map(placeFacts), ({ file, line }) => `${file}:${line}`)].sort(byPlace);
}

/** Returns what the callback of each importer does, in the order of the inventory, in more detail than the published kind. */
export function callbackKinds({ importers }: Contract): readonly string[] {
  return [...importers]
    .sort((left, right) => byPlace(importerFacts(left), importerFacts(right)))
    .map(({ verdict }) => {
      if (verdict.kind !== 'opaque') return verdict.kind;
      return `opaque (${verdict.through}${verdict.deferred ? '; the unmaps seen are deferred' : ''})`;
    });
}
