import { type Negotiation, type NegotiationChanges, typeFacts } from '../../contract/index.js';
import { formatJsonText } from '../formats/json-text.js';

/** Formats the negotiation table as JSON, version 1: importers, exporters, and a cell for each pair, row by row. */
export function formatMatrixJson(negotiation: Negotiation, changes: NegotiationChanges | null): string {
  return formatJsonText(matrixResult(negotiation, changes));
}

/** The negotiation table as plain data, with what differs from another tree if there is one. */
export function matrixResult(negotiation: Negotiation, changes: NegotiationChanges | null) {
  const { kernelVersion, callback, importers, exporters, cells, unknownApi } = negotiation;
  return {
    version: 1,
    tree: { kernelVersion },
    callback,
    importers: importers.map(
      ({ key, name, kind, place, isTest, allowPeer2peer, pins, stopsAccess, unmaps, behaviour, mappingTypes }) => ({
        key,
        name,
        kind,
        file: place?.file ?? null,
        line: place?.line ?? null,
        isTest,
        allowPeer2peer,
        pins,
        stopsAccess,
        unmaps,
        behaviour,
        ...(mappingTypes ? { mappingTypes: mappingTypes.map(typeFacts) } : {}),
      }),
    ),
    exporters: exporters.map(
      ({ key, name, place, isTest, pinPolicy, takesBack, waitsForFences, waitsForUnmap, ...rest }) => ({
        key,
        name,
        file: place.file,
        line: place.line,
        isTest,
        pinPolicy,
        requiresPeer2peer: rest.peerToPeerCheck !== null,
        rejectsNonRevocable: rest.rejection?.op ?? null,
        takesBack,
        waitsForFences,
        waitsForUnmap,
        ...(rest.mappingTypes ? { mappingTypes: typeFacts(rest.mappingTypes) } : {}),
      }),
    ),
    cells: cells.map(({ importer, exporter, verdict, reason, trace, mappingTypes }) => ({
      importer,
      exporter,
      verdict,
      reason,
      trace,
      ...(mappingTypes ? { mappingTypes } : {}),
    })),
    ...(unknownApi.length > 0 ? { unknownApi } : {}),
    ...(changes ? { changes: jsonChanges(changes) } : {}),
  };
}

function jsonChanges({ cells, sides }: NegotiationChanges) {
  return {
    cells: cells.map(({ kind, before, after }) => ({
      kind,
      importer: after.importer,
      exporter: after.exporter,
      before: before.verdict,
      after: after.verdict,
      reason: after.reason,
    })),
    importersAndExporters: sides.map(({ kind, side, key }) => ({ kind, side, key })),
  };
}
