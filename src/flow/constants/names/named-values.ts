// A named constant is the number that it stands for, where that is known: `EX_DONE` may be asked for as `BIT(2)` or as 4.

import type { Engine } from '../../model/engine.js';
import type { Value } from '../../state/value.js';
import { namedNumber } from './constant-numbers.js';

/** The number of a named constant; undefined for any other value. */
export function numberOfNamed({ codebase, globals, globalFiles }: Engine, value: Value): number | undefined {
  const name = globals.get(value);
  const path = globalFiles.get(value);
  return name === undefined || path === undefined ? undefined : namedNumber(codebase, name, path);
}

/** Remembers how the code calls a number: notes are known by their names. */
export function noteName(engine: Engine, number: Value, constant: Value): void {
  if (!engine.globals.has(constant)) return;
  const known = engine.namesOf.get(number) ?? new Set();
  engine.namesOf.set(number, known.add(constant));
}
