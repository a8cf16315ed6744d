import type { PhrasingContent } from 'mdast';
import { type Contract, type Exporter, type Importer, keyOfOps } from '../../contract/index.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { code, text } from '../nodes.js';
import { driverOf } from './driver-name.js';

/** How the tables name one importer or exporter. */
export interface Label {
  /** The drivers, as people call them. */
  readonly drivers: readonly string[];
  /** The name of its ops, where that of the driver is not enough; null otherwise. */
  readonly ops: string | null;
}

type Tables = readonly Pick<Importer | Exporter, 'table'>[];

/** The labels of the importers, by the keys of the negotiation. */
export function importerLabels({ importers, codebase }: Contract): ReadonlyMap<string, Label> {
  return labelsOf(
    codebase.program.tree,
    importers.map(({ table, usedBy }) => ({ ops: table.name, file: table.path, usedBy })),
  );
}

/** The labels of the exporters, by the keys of the negotiation. */
export function exporterLabels({ exporters, codebase }: Contract): ReadonlyMap<string, Label> {
  return labelsOf(
    codebase.program.tree,
    exporters.map(({ table }) => ({ ops: table.name, file: table.path })),
  );
}

/** An ops table of an importer or exporter, as the inventory has it. */
interface LabelledTable {
  readonly ops: string;
  readonly file: string;
  /** The calls of the code that attaches with it, where that is a helper. */
  readonly usedBy?: readonly { readonly file: string }[];
}

/**
 * The labels of ops tables, by the keys of the negotiation: the helpers of a subsystem are known by who uses them.
 * @param tree of the tables: its Makefiles name the drivers
 */
export function labelsOf(tree: Pick<SourceTree, 'read'>, tables: readonly LabelledTable[]): ReadonlyMap<string, Label> {
  const named = tables.map((table) => {
    const others = (table.usedBy ?? []).filter(
      ({ file }) => folderOf(file) !== folderOf(table.file) && subsystemOf(file) === subsystemOf(table.file),
    );
    const files = new Set((others.length > 0 ? others : [table]).map(({ file }) => file));
    return { table, drivers: [...new Set([...files].map((file) => driverOf(tree, file)))].sort() };
  });
  const uses = new Map<string, number>();
  for (const driver of named.flatMap(({ drivers }) => drivers)) uses.set(driver, (uses.get(driver) ?? 0) + 1);
  return new Map(
    named.map(({ table, drivers }) => {
      const isEnough = drivers.length === 1 && uses.get(drivers[0] ?? '') === 1;
      return [keyOfOps(table), { drivers, ops: isEnough ? null : table.ops }];
    }),
  );
}

/** The key that the negotiation has for an ops table. */
export function keyOf({ table }: Tables[number]): string {
  return `${table.path}:${table.name}`;
}

/** A label as a table has it. */
export function labelNodes({ drivers, ops }: Label): readonly PhrasingContent[] {
  if (ops === null) return [text(drivers.join(', '))];
  return drivers.length === 0 ? [code(ops)] : [text(`${drivers.join(', ')} (`), code(ops), text(')')];
}

/** A label among others: several drivers are named by the ops that they share. */
export function shortNodes({ drivers, ops }: Label): readonly PhrasingContent[] {
  return labelNodes({ drivers: drivers.length > 1 ? [] : drivers, ops });
}

/** A label as rows are sorted by it. */
export function labelKey({ drivers, ops }: Label): string {
  return `${drivers.join(', ')} ${ops ?? ''}`;
}

/** `drivers/infiniband`: amdgpu has helpers, too, but for a driver of another subsystem, and imports itself. */
function subsystemOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
