import type { TreeFacts } from '../../lint/index.js';
import { exporterCells, exporterHeads, importerCells, importerHeads } from '../inventory-cells.js';
import type { Colours } from './colour.js';
import { escapeForTerminal } from './escape.js';
import { wrap } from './wrap.js';

/**
 * The importers and exporters of a tree and what each can do, as aligned columns, or as lists where those do not fit.
 * @param width how wide lines may be; null for any width
 */
export function inventory(
  { inventory: there, callbackKinds, callbackRequired, kernelVersion }: TreeFacts,
  colours: Colours,
  width: number | null = null,
): string {
  const { dialect, importers, staticImporters, exporters } = there;
  const check = dialect.revocableCheck ? `tested by ${dialect.revocableCheck}()` : 'no function tests for it';
  const markers = dialect.markers.length > 0 ? `, marker ${dialect.markers.join(', ')}` : '';
  const version = `linux ${kernelVersion ?? '(version unknown)'}`;
  const callback =
    dialect.callback === null
      ? 'importers have no ops, and no callback'
      : `callback ${dialect.callback} (${callbackRequired ? 'required' : 'optional'}), called by ${dialect.notify}(), ${check}${markers}`;
  const head = `${version}: ${callback}`;
  const heads = width === null ? [head] : wrap(head, width, '    ');
  return [
    ...heads.map((line) => line.replace(version, () => colours.bold(version))),
    '',
    colours.bold('importers'),
    ...columns(
      [importerHeads, ...importers.map((importer, index) => importerCells(importer, callbackKinds[index] ?? ''))],
      colours,
      width,
    ),
    '',
    colours.bold('importers without ops'),
    ...columns(
      staticImporters.map((place) => [`${place.function ?? ''}()`, `${place.file}:${place.line}`]),
      colours,
      width,
      false,
    ),
    '',
    colours.bold('exporters'),
    ...columns([exporterHeads, ...exporters.map(exporterCells)], colours, width),
    '',
  ].join('\n');
}

function columns(
  rows: readonly (readonly string[])[],
  colours: Colours,
  width: number | null,
  hasHead = true,
): readonly string[] {
  if (rows.length === (hasHead ? 1 : 0)) return ['  none'];
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const whole = widths.reduce((sum, one) => sum + one + 2, 0);
  if (width !== null && whole > width) return lists(rows, width, hasHead);
  return rows.map((row, number) => {
    const line = `  ${row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('  ')}`;
    return hasHead && number === 0 ? colours.dim(line) : escapeForTerminal(line);
  });
}

/** Each row as a few lines: its first cell, the others with their heads, and the place, which is last. */
function lists(rows: readonly (readonly string[])[], width: number, hasHead: boolean): readonly string[] {
  const [head = [], ...others] = hasHead ? rows : [[], ...rows];
  return others.flatMap((row) => {
    const facts = row.slice(1, -1).map((cell, index) => `${head[index + 1] ?? ''}: ${cell}`);
    const lines = [
      `  ${row[0] ?? ''}`,
      ...(facts.length > 0 ? wrap(`    ${facts.join(', ')}`, width, '    ') : []),
      `    ${row.at(-1) ?? ''}`,
    ];
    return lines.map(escapeForTerminal);
  });
}
