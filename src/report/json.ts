import type { Contract, Exporter, Importer, Place } from '../contract/index.js';
import type { Result } from '../lint/index.js';

/** The machine-readable result, version 1, as one line of JSON text. All other formats derive from the same Result. */
export function formatJson(result: Result): string {
  return `${JSON.stringify(jsonResult(result), null, 2)}\n`;
}

/** The machine-readable result as plain data. */
export function jsonResult(result: Result) {
  const { contract, findings, revision, stats } = result;
  return {
    version: 1,
    tree: { kernelVersion: contract.kernelVersion, revision },
    dialect: jsonDialect(contract),
    importers: contract.importers.map(jsonImporter).sort(byPlace),
    staticImporters: contract.staticImporters.map(({ place }) => jsonPlace(place)).sort(byPlace),
    exporters: contract.exporters.map(jsonExporter).sort(byPlace),
    findings: findings.map((finding) => ({ ...finding })),
    notAnalysed: [...contract.notAnalysed].sort(byPlace),
    stats: { ...stats },
  };
}

function jsonDialect({ dialect }: Contract) {
  return {
    callback: dialect.callback,
    notify: dialect.notify,
    revocableCheck: dialect.revocableCheck,
    markers: dialect.markers.map((marker) => marker.field),
  };
}

function jsonImporter(importer: Importer) {
  const { table, verdict } = importer;
  return {
    ops: table.name,
    file: table.path,
    line: table.line,
    allowPeer2peer: importer.allowPeer2peer,
    callback: importer.callback,
    // Five kinds are published: a callback that provably never unmaps does something that cannot be told apart further.
    callbackKind: verdict.kind === 'never-unmaps' || verdict.kind === 'defers' ? 'opaque' : verdict.kind,
    pins: importer.pins,
    pinSites: places(importer.pinUses.map((pin) => pin.use.place)),
    attachSites: places(importer.reaches.map((reach) => reach.site.place)),
    usedBy: places(importer.usedBy),
    status: importer.status,
  };
}

function jsonExporter(exporter: Exporter) {
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

interface JsonPlace {
  readonly file: string;
  readonly line: number;
  readonly function: string | null;
}

function jsonPlace({ file, line, function: inside }: Place): JsonPlace {
  return { file, line, function: inside };
}

function places(list: readonly Place[]): readonly JsonPlace[] {
  const seen = new Set<string>();
  return list
    .map(jsonPlace)
    .filter(({ file, line }) => !seen.has(`${file}:${line}`) && seen.add(`${file}:${line}`))
    .sort(byPlace);
}

function byPlace(
  left: { readonly file: string; readonly line: number | null },
  right: { readonly file: string; readonly line: number | null },
): number {
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return (left.line ?? 0) - (right.line ?? 0);
}
