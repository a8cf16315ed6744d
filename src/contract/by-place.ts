/** Compares two places by file, then by line, for sorting. */
export function byPlace(
  left: { readonly file: string; readonly line: number | null },
  right: { readonly file: string; readonly line: number | null },
): number {
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return (left.line ?? 0) - (right.line ?? 0);
}
