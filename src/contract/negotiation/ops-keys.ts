// How are an importer and an exporter named among the cells of a negotiation?

/** The key of an importer or exporter among the cells: `file:ops`. */
export function keyOfOps({ file, ops }: { readonly file: string; readonly ops: string }): string {
  return `${file}:${ops}`;
}

/** Returns the name of the ops in a key `file:ops`. */
export function opsOfKey(key: string): string {
  return key.slice(key.lastIndexOf(':') + 1);
}
