import type { Contract } from '../model.js';
import { type ExporterSide, exporterSide } from './negotiation-exporter.js';
import { type ImporterSide, importerSide, staticSide } from './negotiation-importer.js';
import { negotiate } from './negotiation-stages.js';
import type { Negotiated } from './negotiation-verdict.js';

export interface NegotiationCell extends Negotiated {
  /** Keys of the importer and the exporter. */
  readonly importer: string;
  readonly exporter: string;
}

/** Which importer may attach to which exporter, and what happens when that takes its memory back. */
export interface Negotiation {
  readonly kernelVersion: string | null;
  readonly callback: string;
  readonly importers: readonly ImporterSide[];
  readonly exporters: readonly ExporterSide[];
  /** One for each importer and each exporter: row by row. */
  readonly cells: readonly NegotiationCell[];
}

/** Derives the table from the model of a tree. Every output is made of this. */
export function negotiationOf(contract: Contract): Negotiation {
  const { dialect, kernelVersion, staticImporters } = contract;
  const importers = [
    ...contract.importers.map((importer) => importerSide(importer, dialect)),
    ...(staticImporters.length > 0 ? [staticSide(staticImporters)] : []),
  ];
  const exporters = contract.exporters.map(exporterSide);
  const cells = importers.flatMap((importer) =>
    exporters.map((exporter) => ({
      importer: importer.key,
      exporter: exporter.key,
      ...negotiate(importer, exporter, dialect),
    })),
  );
  return { kernelVersion, callback: dialect.callback, importers, exporters, cells };
}

/** The ops of a key, without the file that they stand in. */
export function opsOfKey(key: string): string {
  return key.slice(key.lastIndexOf(':') + 1);
}
