// Which importer may attach to which exporter, and what happens then?

import type { UnknownApi } from '../../kernel/index.js';
import type { Contract } from '../model/contract.js';
import { type ExporterSide, exporterSide } from './negotiation-exporter.js';
import { type ImporterSide, importerSide, staticSides } from './negotiation-importer.js';
import { negotiate } from './negotiation-stages.js';
import type { Negotiated } from './negotiation-verdict.js';

/** The outcome for one importer and one exporter. */
export interface NegotiationCell extends Negotiated {
  /** Keys of the importer and the exporter. */
  readonly importer: string;
  readonly exporter: string;
}

/** The negotiation table: which importer may attach to which exporter, and what happens when the exporter takes memory back. */
export interface Negotiation {
  readonly kernelVersion: string | null;
  /** Null where importers have no ops, as up to Linux 5.6. */
  readonly callback: string | null;
  readonly importers: readonly ImporterSide[];
  readonly exporters: readonly ExporterSide[];
  /** One for each importer and each exporter, row by row: importers are rows. */
  readonly cells: readonly NegotiationCell[];
  /** What of the API in the tree's core is not known: importers and exporters that use it may be missing. */
  readonly unknownApi: readonly UnknownApi[];
}

/** Derives the table from the model of a tree. Every output of the matrix comes from it. */
export function negotiationOf(contract: Contract): Negotiation {
  const { dialect, kernelVersion, staticImporters, unknownApi } = contract;
  const importers = [
    ...contract.importers.map((importer) => importerSide(importer, dialect)),
    ...staticSides(staticImporters),
  ];
  const exporters = contract.exporters.map(exporterSide);
  const cells = importers.flatMap((importer) =>
    exporters.map((exporter) => ({
      importer: importer.key,
      exporter: exporter.key,
      ...negotiate(importer, exporter, dialect),
    })),
  );
  return {
    kernelVersion,
    callback: dialect.hasCallback ? dialect.callback : null,
    importers,
    exporters,
    cells,
    unknownApi,
  };
}
