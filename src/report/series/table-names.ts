import { opsOfKey } from '../../contract/index.js';

/** What people call the importer or exporter behind an ops table, or a static importer: the name of its driver. */
export interface TableName {
  /** `efa`, or the ops table where the driver alone does not tell which one it is. */
  readonly short: string;
  /** With the ops table or function: `efa (efa_dmabuf_ops)`. */
  readonly full: string;
}

/** The names by `file:ops`, as the negotiation has it, or `file:function()` for a static importer. */
export type TableNames = ReadonlyMap<string, TableName>;

/** What an importer or exporter is called among others, by its key. */
export function shortName(names: TableNames | undefined, key: string): string {
  return names?.get(key)?.short ?? withoutDriver(key);
}

/** What an importer or exporter is called where its ops table matters, too. */
export function fullName(names: TableNames | undefined, key: string): string {
  return names?.get(key)?.full ?? withoutDriver(key);
}

/** The static importers have one key for all, or one for all with the same mapping types. */
function withoutDriver(key: string): string {
  const types = /^static(?::(.*))?$/.exec(key);
  if (!types) return opsOfKey(key);
  return types[1] === undefined ? 'static importers' : `static importers (${types[1]})`;
}
