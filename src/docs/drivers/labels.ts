import type { PhrasingContent } from 'mdast';
import type { Contract, Exporter, Importer } from '../../contract/index.js';
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

/** The labels of the importers, by the keys of the negotiation: the helpers of a subsystem are known by who uses them. */
export function importerLabels({ importers, codebase }: Contract): ReadonlyMap<string, Label> {
  const { tree } = codebase.program;
  return labelled(importers, ({ table, usedBy }) => {
    const others = usedBy.filter(
      ({ file }) => folderOf(file) !== folderOf(table.path) && subsystemOf(file) === subsystemOf(table.path),
    );
    return others.length > 0 ? others.map(({ file }) => driverOf(tree, file)) : [driverOf(tree, table.path)];
  });
}

/** The labels of the exporters, by the keys of the negotiation. */
export function exporterLabels({ exporters, codebase }: Contract): ReadonlyMap<string, Label> {
  return labelled(exporters, ({ table }) => [driverOf(codebase.program.tree, table.path)]);
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

function labelled<Side extends Tables[number]>(
  sides: readonly Side[],
  driversOf: (side: Side) => readonly string[],
): ReadonlyMap<string, Label> {
  const named = sides.map((side) => ({ side, drivers: [...new Set(driversOf(side))].sort() }));
  const uses = new Map<string, number>();
  for (const driver of named.flatMap(({ drivers }) => drivers)) uses.set(driver, (uses.get(driver) ?? 0) + 1);
  return new Map(
    named.map(({ side, drivers }) => {
      const isEnough = drivers.length === 1 && uses.get(drivers[0] ?? '') === 1;
      return [keyOf(side), { drivers, ops: isEnough ? null : side.table.name }];
    }),
  );
}

/** `drivers/infiniband`: amdgpu has helpers, too, but for a driver of another subsystem, and imports itself. */
function subsystemOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
