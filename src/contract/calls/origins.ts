import type { Expression, FunctionUnit } from '../../c/index.js';
import { originsOf } from '../../program/index.js';

/** Returns whether a value in a function may be the value of a parameter itself, not of a member behind it. */
export function isParameterValue(unit: FunctionUnit, value: Expression, index: number): boolean {
  return originsOf(unit, value).some(
    (origin) => origin.kind === 'parameter' && origin.index === index && origin.path.length === 0,
  );
}

/** Returns whether a value in a function may be the result of the call at an offset itself, not a member behind it. */
export function isCallResult(unit: FunctionUnit, value: Expression, callAt: number): boolean {
  return originsOf(unit, value).some(
    (origin) => origin.kind === 'call' && origin.call.at === callAt && origin.path.length === 0,
  );
}
