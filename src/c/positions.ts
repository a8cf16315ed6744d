import type { Unit } from './unit.js';

/** A position for people: 1-based line, 1-based column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The position of an offset. */
export function positionAt(unit: Pick<Unit, 'lineStarts'>, offset: number): Position {
  let low = 0;
  let high = unit.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((unit.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (unit.lineStarts[low] ?? 0) + 1 };
}

/** The conditions of all `#if` branches around an offset, the outermost first. */
export function conditionsAt(unit: Pick<Unit, 'conditions'>, offset: number): readonly string[] {
  return unit.conditions.filter(({ start, end }) => start <= offset && offset < end).map(({ condition }) => condition);
}

/** The condition of the innermost `#if` branch around an offset, or null where there is none. */
export function conditionAt(unit: Pick<Unit, 'conditions'>, offset: number): string | null {
  let found: string | null = null;
  for (const range of unit.conditions) if (range.start <= offset && offset < range.end) found = range.condition;
  return found;
}
