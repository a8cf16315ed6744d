// How are an importer and an exporter named among the cells of a negotiation?

/** The key of an importer or exporter among the cells: `file:ops`. */
export function keyOfOps({ file, ops }: { readonly file: string; readonly ops: string }): string {
  return `${file}:${ops}`;
}

/** Returns the name of the ops in a key `file:ops`. */
export function opsOfKey(key: string): string {
  return key.slice(key.lastIndexOf(':') + 1);
}

/** Returns the file in a key `file:ops`; null for the static importers, which have one key for all. */
export function fileOfKey(key: string): string | null {
  return /^static(?::|$)/.test(key) ? null : key.slice(0, Math.max(0, key.lastIndexOf(':')));
}
