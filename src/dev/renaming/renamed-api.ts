import { type Negotiation, negotiationOf, toldInNames } from '../../contract/index.js';
import { overlayTree } from '../../input/tree/overlay.js';
import type { SourceTree } from '../../input/tree/tree.js';
import {
  apiRows,
  attachmentTag,
  bufferTag,
  callbackNames,
  exporterOpsTag,
  exportInfoTag,
  importerOpsMember,
  importerOpsTag,
} from '../../kernel/index.js';
import { outcomeOf } from '../../lint/analysis.js';
import type { Result } from '../../lint/index.js';
import { formatJson } from '../../report/formats/json.js';
import { formatMatrixJson } from '../../report/matrix/matrix-json.js';

/** New names, by the names in the tree. */
export type NewNames = ReadonlyMap<string, string>;

const tableNames = apiRows.map(({ name }) => name);

/** A rename as it was posted: the functions for tables of pages get a prefix. */
export const prefixed: NewNames = new Map(
  tableNames
    .filter((name) => /^dma_buf_(?:attach|dynamic_attach|(?:un)?map_attachment(?:_unlocked)?)$/.test(name))
    .map((name) => [name, name.replace('dma_buf_', 'dma_buf_sgt_')]),
);

/** Invented names for all functions of the API. */
export const invented: NewNames = new Map(
  tableNames.map((name) => [name, `zz_${name.replace(/^dma_buf_/, '').replace(/^get_dma_buf$/, 'grab')}`]),
);

/** Invented names for structs of the API and members of them, besides those of all functions. */
export const inventedStructs: NewNames = new Map([
  ...invented,
  ...[bufferTag, exporterOpsTag, importerOpsTag, attachmentTag, exportInfoTag, importerOpsMember].map(
    (name) => [name, `zy_${name}`] as const,
  ),
  ...callbackNames.map((name) => [name, `zy_${name}`] as const),
]);

/** Makes what exchanges the names in a text. */
export function exchanger(names: NewNames): (text: string) => string {
  const pattern = new RegExp(`\\b(?:${[...names.keys()].join('|')})\\b`, 'g');
  return (text) => text.replace(pattern, (name) => names.get(name) ?? name);
}

/** A tree in which functions have other names: in code, comments and documentation. */
export async function renamedTree(tree: SourceTree, names: NewNames): Promise<SourceTree> {
  const exchange = exchanger(names);
  const { hits } = await tree.search([...tree.sources, ...tree.documentation], [...names.keys()], false);
  const changes = [...new Set(hits.flat())].map((path) => [path, exchange(tree.read(path) ?? '')] as const);
  return overlayTree(tree, new Map(changes.filter(([path, text]) => text !== tree.read(path))));
}

/** What `scan` and `matrix` print about a tree as JSON, but for the time. */
export function jsonOf(result: Result): string {
  const scan = formatJson({ ...outcomeOf(result), milliseconds: 0 });
  const negotiation: Negotiation = toldInNames(result.contract.names, negotiationOf(result.contract));
  return `${scan}${formatMatrixJson(negotiation, null)}`;
}

/** JSON about a tree with the names exchanged, and the columns of what stands behind them in a line. */
export function exchangedJson(json: string, tree: SourceTree, names: NewNames): string {
  const exchange = exchanger(names);
  const columns = { file: '', line: 0 };
  const lines = new Map<string, readonly string[]>();
  return json
    .split('\n')
    .map((text) => {
      const [, key, value = ''] = /^\s*"(file|line|column)": (.*?),?$/.exec(text) ?? [];
      if (key === 'file') columns.file = String(JSON.parse(value));
      if (key === 'line') columns.line = Number(value);
      if (key !== 'column') return exchange(text);
      const known = lines.get(columns.file) ?? tree.read(columns.file)?.split('\n') ?? [];
      lines.set(columns.file, known);
      const before = (known[columns.line - 1] ?? '').slice(0, Number(value) - 1);
      return text.replace(/\d+/, String(exchange(before).length + 1));
    })
    .join('\n');
}

/** The first lines in which two texts differ, as `line: one | other`; empty where they are equal byte for byte. */
export function linesApart(one: string, other: string): readonly string[] {
  const [left, right] = [one.split('\n'), other.split('\n')];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => index)
    .filter((index) => left[index] !== right[index])
    .slice(0, 20)
    .map((index) => `${index + 1}: ${left[index]} | ${right[index]}`);
}
