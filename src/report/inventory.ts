import type { Contract, Exporter, Importer } from '../contract/index.js';
import type { Colours } from './colour.js';
import { escapeForTerminal } from './escape.js';

/** Every importer and exporter of the tree with what it can do, as aligned columns. */
export function inventory(contract: Contract, colours: Colours): string {
  const { dialect, kernelVersion } = contract;
  const check = dialect.revocableCheck ? `asked by ${dialect.revocableCheck}()` : 'no way to ask whether it is there';
  const markers =
    dialect.markers.length > 0 ? `, marked by ${dialect.markers.map((marker) => marker.field).join(', ')}` : '';
  return [
    `${colours.bold(`linux ${kernelVersion ?? '(version unknown)'}`)}: callback ${dialect.callback} (${dialect.callbackRequired ? 'required' : 'optional'}), called by ${dialect.notify}(), ${check}${markers}`,
    '',
    colours.bold('importers'),
    ...columns(
      [['ops', 'callback', 'kind', 'pins', 'status', 'place'], ...contract.importers.map(importerRow)],
      colours,
    ),
    '',
    colours.bold('importers without ops'),
    ...columns(
      contract.staticImporters.map(({ place }) => [`${place.function ?? ''}()`, `${place.file}:${place.line}`]),
      colours,
      false,
    ),
    '',
    colours.bold('exporters'),
    ...columns(
      [['ops', 'pin', 'invalidates', 'non-revocable', 'place'], ...contract.exporters.map(exporterRow)],
      colours,
    ),
    '',
  ].join('\n');
}

function importerRow(importer: Importer): readonly string[] {
  const { table, verdict } = importer;
  const seen = verdict.kind === 'opaque' && verdict.deferred ? '; the unmaps seen are deferred' : '';
  const kind = verdict.kind === 'opaque' ? `opaque (${verdict.through}${seen})` : verdict.kind;
  return [table.name, importer.callback ?? '-', kind, importer.pins, importer.status, `${table.path}:${table.line}`];
}

function exporterRow(exporter: Exporter): readonly string[] {
  const { table } = exporter;
  const invalidates = exporter.revokes ? 'revokes' : exporter.invalidations.length > 0 ? 'moves' : '-';
  return [
    table.name,
    exporter.pinPolicy,
    invalidates,
    exporter.rejectsNonRevocable ? 'rejected' : 'accepted',
    `${table.path}:${table.line}`,
  ];
}

function columns(rows: readonly (readonly string[])[], colours: Colours, hasHead = true): readonly string[] {
  if (rows.length === (hasHead ? 1 : 0)) return ['  none'];
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row, number) => {
    const line = `  ${row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('  ')}`;
    return hasHead && number === 0 ? colours.dim(line) : escapeForTerminal(line);
  });
}
