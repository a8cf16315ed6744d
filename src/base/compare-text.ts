/**
 * Compares two texts by UTF-16 code units, for `sort()`: the same order on every machine, whatever its locale.
 * @returns a negative number, zero or a positive number
 */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
