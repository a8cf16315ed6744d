import type { jsonResult } from '../../report/formats/json.js';
import type { ExporterReading, ImporterReading, Site } from './reading.js';

type Scan = ReturnType<typeof jsonResult>;
export type ScannedImporter = Scan['importers'][number];
export type ScannedExporter = Scan['exporters'][number];

/** How the scan of an importer differs from its reading, in words. */
export function importerDifferences(wanted: ImporterReading, found: ScannedImporter): readonly string[] {
  const pinsUnseen = found.pins === 'never' && found.pinSites.length === 0 && wanted.pins.includes('never');
  // The reading lists a driver that passes its own table as a user, too; the result need not.
  const others = wanted.usedBy.flatMap(({ sites }) => sites).filter(({ file }) => file !== wanted.file);
  const foundUsers = found.usedBy.filter(({ file }) => file !== wanted.file);
  return [
    differ(wanted.file, found.file, 'file'),
    differ(wanted.allowPeer2peer, found.allowPeer2peer, 'allowPeer2peer'),
    differ(wanted.callback, found.callback, 'callback'),
    isOneOf(wanted.kinds, found.callbackKind, 'callbackKind'),
    isOneOf(wanted.pins, found.pins, 'pins'),
    isOneOf(wanted.status, found.status, 'status'),
    pinsUnseen ? [] : differ(sitesText(wanted.pinSites), sitesText(found.pinSites), 'pinSites'),
    differ(sitesText([wanted.attachSite]), sitesText(found.attachSites), 'attachSites'),
    differ(sitesText(others), sitesText(foundUsers), 'usedBy'),
  ]
    .flat()
    .map((difference) => `${wanted.ops}: ${difference}`);
}

/** The same for an exporter. */
export function exporterDifferences(wanted: ExporterReading, found: ScannedExporter): readonly string[] {
  return [
    differ(wanted.file, found.file, 'file'),
    differ(wanted.pin, found.pin, 'pin'),
    differ(wanted.pinPolicy, found.pinPolicy, 'pinPolicy'),
    differ(wanted.requiresPeer2peer, found.requiresPeer2peer, 'requiresPeer2peer'),
    differ(wanted.revokes, found.revokes, 'revokes'),
    differ(sitesText(wanted.invalidates), sitesText(found.invalidates), 'invalidates'),
    isOneOf(wanted.rejectsNonRevocable, found.rejectsNonRevocable, 'rejectsNonRevocable'),
    isOneOf(wanted.waitsForFences, found.waitsForFences, 'waitsForFences'),
    isOneOf(wanted.waitsForUnmap, found.waitsForUnmap, 'waitsForUnmap'),
  ]
    .flat()
    .map((difference) => `${wanted.ops}: ${difference}`);
}

function differ<T>(wanted: T, found: T, what: string): readonly string[] {
  return wanted === found ? [] : [`${what} is ${found}, read ${wanted}`];
}

function isOneOf<T>(wanted: readonly T[], found: T, what: string): readonly string[] {
  return wanted.includes(found) ? [] : [`${what} is ${found}, read ${wanted.join(' or ')}`];
}

function sitesText(sites: readonly { readonly file: string; readonly function: Site['function'] | null }[]): string {
  return [...new Set(sites.map((site) => `${site.file} ${site.function}()`))].sort().join(', ') || 'nowhere';
}
