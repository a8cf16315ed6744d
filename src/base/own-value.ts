/**
 * What a table holds under a name that comes from outside: from a source, a patch, a configuration. `table[name]` alone
 * would find what every object inherits, as `constructor` and `toString`, which are good names of functions in C.
 */
export function ownValue<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
