/** Where two JSON values differ: `findings[3].message`, and what stands there on each side, undefined for nothing. */
export interface JsonDifference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * @param isLeftOut whether the member of that name is not compared
 * @returns every place at which two JSON values differ, in their order
 */
export function jsonDifferences(
  before: unknown,
  after: unknown,
  isLeftOut: (name: string) => boolean,
  path = '',
): readonly JsonDifference[] {
  if (before === after) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      jsonDifferences(before[index], after[index], isLeftOut, `${path}[${index}]`),
    );
  }
  if (isRecord(before) && isRecord(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !isLeftOut(name));
    return names.flatMap((name) =>
      jsonDifferences(before[name], after[name], isLeftOut, path === '' ? name : `${path}.${name}`),
    );
  }
  return [{ path, before, after }];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
