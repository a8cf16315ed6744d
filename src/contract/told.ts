// How is an answer said in the tree's own words?

import { isRenamed, type NamedTree } from '../input/tree/renamed.js';

/**
 * Says plain data about a tree in the tree's own words: every text in it, and the column of every place in it.
 * @param value what JSON can hold; an object with `file`, `line` and `column` is a place
 */
export function toldInNames<T>(names: NamedTree, value: T): T {
  return isRenamed(names) ? (tell(names, value) as T) : value;
}

function tell(names: NamedTree, value: unknown): unknown {
  if (typeof value === 'string') return names.told(value);
  if (Array.isArray(value)) return value.map((one) => tell(names, one));
  if (typeof value !== 'object' || value === null) return value;
  const told = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, tell(names, one)]));
  const { file, line, column } = value as Partial<Record<'file' | 'line' | 'column', unknown>>;
  if (typeof file === 'string' && typeof line === 'number' && typeof column === 'number')
    return { ...told, column: names.columnOf(file, line, column) };
  return told;
}
