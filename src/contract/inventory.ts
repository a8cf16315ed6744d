import type { Contract, Exporter, Importer } from './model.js';
import type { Place } from './places.js';

/** What a tree's importers and exporters do, as plain data: it is published, compared and stored. */
export type Inventory = ReturnType<typeof inventoryOf>;
export type ImporterFacts = Inventory['importers'][number];
export type ExporterFacts = Inventory['exporters'][number];

export interface PlaceFacts {
  readonly file: string;
  readonly line: number;
  readonly function: string | null;
}

/** The inventory of a tree, each list sorted by place. */
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
    callback: dialect.callback,
    notify: dialect.notify,
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
    // Five kinds are published: a callback that provably never unmaps does something that cannot be told apart further.
    callbackKind: verdict.kind === 'never-unmaps' || verdict.kind === 'defers' ? ('opaque' as const) : verdict.kind,
    pins: importer.pins,
    pinSites: places(importer.pinUses.map((pin) => pin.use.place)),
    attachSites: places(importer.reaches.map((reach) => reach.site.place)),
    usedBy: places(importer.usedBy),
    status: importer.status,
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
  };
}

function placeFacts({ file, line, function: inside }: Place): PlaceFacts {
  return { file, line, function: inside };
}

function places(list: readonly Place[]): readonly PlaceFacts[] {
  const seen = new Set<string>();
  return list
    .map(placeFacts)
    .filter(({ file, line }) => !seen.has(`${file}:${line}`) && seen.add(`${file}:${line}`))
    .sort(byPlace);
}

/** What the callback of each importer does, in the order of the inventory, more closely than is published. */
export function callbackKinds({ importers }: Contract): readonly string[] {
  return [...importers]
    .sort((left, right) => byPlace(importerFacts(left), importerFacts(right)))
    .map(({ verdict }) => {
      if (verdict.kind !== 'opaque') return verdict.kind;
      return `opaque (${verdict.through}${verdict.deferred ? '; the unmaps seen are deferred' : ''})`;
    });
}

/** Sorts what has a place by file and line. */
export function byPlace(
  left: { readonly file: string; readonly line: number | null },
  right: { readonly file: string; readonly line: number | null },
): number {
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return (left.line ?? 0) - (right.line ?? 0);
}
