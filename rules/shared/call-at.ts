import { type CallInBody, callsIn, type FunctionUnit } from '../../src/c/index.js';

/**
 * Finds a call in a function by its offset in the file: that of the call, or of the name it calls.
 * @param wanted the name of the called function; by default any
 */
export function callAt(unit: FunctionUnit, at: number, wanted?: string): CallInBody | undefined {
  return callsIn(unit.body).find(
    ({ call, name }) => (call.at === at || call.callee.at === at) && (wanted === undefined || name === wanted),
  );
}
