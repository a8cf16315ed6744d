// What do importers see of an exporter?

import type { AlwaysFails, Exporter, PeerToPeerCheck, PinPolicy, Rejection } from '../model/exporter.js';
import type { MappingTypes } from '../model/mapping-types.js';
import type { Invalidation } from '../model/revocation.js';
import type { MissingPart } from '../partial/missing-parts.js';
import type { Place, TraceStep } from '../places.js';

/** What importers see of an exporter: which of them it refuses, and what it does with memory that is in use. */
export interface ExporterSide {
  /** `file:ops`. */
  readonly key: string;
  readonly name: string;
  readonly place: Place;
  readonly isTest: boolean;
  /** What of its driver is not in the tree. */
  readonly missing: MissingPart | null;
  readonly pinPolicy: PinPolicy;
  readonly peerToPeerCheck: PeerToPeerCheck | null;
  readonly rejection: Rejection | null;
  /** What it offers; null where the tree's core has no mapping types. */
  readonly mappingTypes: MappingTypes | null;
  /** What it does to memory that importers may be using. */
  readonly takesBack: 'never' | 'moves' | 'revokes';
  readonly waitsForFences: boolean | null;
  readonly waitsForUnmap: boolean | null;
  /** The op by which nobody can use the buffer, revoked or not. */
  readonly alwaysFails: AlwaysFails | null;
  /** The first notify call, and the waits after it. */
  readonly takeBackTrace: readonly TraceStep[];
}

/** Returns what the negotiation needs of an exporter. */
export function exporterSide(exporter: Exporter): ExporterSide {
  const { table, invalidations, revokes } = exporter;
  return {
    key: `${table.path}:${table.name}`,
    name: table.name,
    place: exporter.place,
    isTest: exporter.isTest,
    missing: exporter.missing,
    pinPolicy: exporter.pinPolicy,
    peerToPeerCheck: exporter.peerToPeerCheck,
    rejection: exporter.rejection,
    mappingTypes: exporter.mappingTypes,
    takesBack: revokes ? 'revokes' : invalidations.length > 0 ? 'moves' : 'never',
    waitsForFences: exporter.waitsForFences,
    waitsForUnmap: exporter.waitsForUnmap,
    alwaysFails: exporter.alwaysFails,
    takeBackTrace: takeBackTrace(invalidations),
  };
}

function takeBackTrace(invalidations: readonly Invalidation[]): readonly TraceStep[] {
  const first = invalidations.find(({ revokes }) => revokes !== null) ?? invalidations[0];
  if (!first) return [];
  const { place, revokes, sequences } = first;
  const name = place.function ? `${place.function}()` : 'this file';
  const [sequence] = sequences;
  const waits = sequence
    ? [
        ...sequence.fenceWaits.slice(0, 1).map(({ file, line }) => ({ file, line, message: 'waits for fences here' })),
        ...sequence.unmapWaits.slice(0, 1).map(({ file, line }) => ({ file, line, message: 'waits for unmaps here' })),
      ]
    : [];
  const does = revokes === null ? 'moves the memory here' : 'revokes here';
  return [{ file: place.file, line: place.line, message: `${name} ${does}` }, ...waits];
}
