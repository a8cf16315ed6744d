import type { Engine } from '../model/engine.js';
import type { Value } from '../state/value.js';

const constantName = /^_*[A-Z][A-Z0-9_]+$/;

/** Whether a name is that of a constant, by the kernel's convention. */
export function isConstantName(name: string): boolean {
  return constantName.test(name);
}

/** Whether a value is a named constant. Constants with different names count as different. */
export function isConstant(engine: Engine, value: Value): boolean {
  return isConstantName(engine.globals.get(value) ?? '');
}
