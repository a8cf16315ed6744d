import type { ExporterFacts, ImporterFacts } from '../../contract/index.js';
import type { TreeFacts } from '../../lint/index.js';
import type { Colours } from './colour.js';
import { escapeForTerminal } from './escape.js';

/** The importers and exporters of a tree and what each can do, as aligned columns. */
export function inventory(
  { inventory: there, callbackKinds, callbackRequired, kernelVersion }: TreeFacts,
  colours: Colours,
): string {
  const { dialect, importers, staticImporters, exporters } = there;
  const check = dialect.revocableCheck ? `tested by ${dialect.revocableCheck}()` : 'no function tests for it';
  const markers = dialect.markers.length > 0 ? `, marker ${dialect.markers.join(', ')}` : '';
  return [
    `${colours.bold(`linux ${kernelVersion ?? '(version unknown)'}`)}: callback ${dialect.callback} (${callbackRequired ? 'required' : 'optional'}), called by ${dialect.notify}(), ${check}${markers}`,
    '',
    colours.bold('importers'),
    ...columns(
      [
        ['ops', 'callback', 'kind', 'pins', 'status', 'place'],
        ...importers.map((importer, index) => importerRow(importer, callbackKinds[index] ?? '')),
      ],
      colours,
    ),
    '',
    colours.bold('importers without ops'),
    ...columns(
      staticImporters.map((place) => [`${place.function ?? ''}()`, `${place.file}:${place.line}`]),
      colours,
      false,
    ),
    '',
    colours.bold('exporters'),
    ...columns([['ops', 'pin', 'invalidates', 'non-revocable', 'place'], ...exporters.map(exporterRow)], colours),
    '',
  ].join('\n');
}

function importerRow({ ops, callback, pins, status, file, line }: ImporterFacts, kind: string): readonly string[] {
  return [ops, callback ?? '-', kind, pins, status, `${file}:${line}`];
}

function exporterRow(exporter: ExporterFacts): readonly string[] {
  const { ops, file, line, pinPolicy, revokes, invalidates, rejectsNonRevocable } = exporter;
  const takesBack = revokes ? 'revokes' : invalidates.length > 0 ? 'moves' : '-';
  return [ops, pinPolicy, takesBack, rejectsNonRevocable ? 'rejected' : 'accepted', `${file}:${line}`];
}

function columns(rows: readonly (readonly string[])[], colours: Colours, hasHead = true): readonly string[] {
  if (rows.length === (hasHead ? 1 : 0)) return ['  none'];
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row, number) => {
    const line = `  ${row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('  ')}`;
    return hasHead && number === 0 ? colours.dim(line) : escapeForTerminal(line);
  });
}
