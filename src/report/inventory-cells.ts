import type { ExporterFacts, ImporterFacts } from '../contract/index.js';

/** What the inventory shows of an importer, in the order of these heads. */
export const importerHeads = ['ops', 'callback', 'kind', 'pins', 'status', 'place'] as const;

/** @param kind what the callback does, in the words of the format */
export function importerCells(
  { ops, callback, pins, status, file, line }: ImporterFacts,
  kind: string,
): readonly string[] {
  return [ops, callback ?? '-', kind, pins, status, `${file}:${line}`];
}

/** What the inventory shows of an exporter, in the order of these heads. */
export const exporterHeads = ['ops', 'pin', 'invalidates', 'non-revocable', 'place'] as const;

export function exporterCells(exporter: ExporterFacts): readonly string[] {
  const { ops, file, line, pinPolicy, revokes, invalidates, rejectsNonRevocable } = exporter;
  const takesBack = revokes ? 'revokes' : invalidates.length > 0 ? 'moves' : '-';
  return [ops, pinPolicy, takesBack, rejectsNonRevocable ? 'rejected' : 'accepted', `${file}:${line}`];
}
