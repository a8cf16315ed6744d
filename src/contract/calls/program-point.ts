import { type CallExpression, callsIn, type Statement } from '../../c/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';

/** A point in the program: a call or a loop in a function, with the statements around it. */
export interface ProgramPoint {
  readonly ref: FunctionRef;
  readonly at: number;
  readonly statement: Statement;
  /** The statements around `statement`, the outermost first. */
  readonly around: readonly Statement[];
  /** Null for a loop. */
  readonly call: CallExpression | null;
}

/** A point that is a call. */
interface CallPoint extends ProgramPoint {
  readonly call: CallExpression;
}

/** Returns the call in a function whose callee stands at an offset, or undefined where there is none. */
export function callPointAt(codebase: Codebase, ref: FunctionRef, calleeAt: number): CallPoint | undefined {
  const found = callsIn(codebase.program.lower(ref).body).find(({ call }) => call.callee.at === calleeAt);
  if (!found) return undefined;
  const { call, statement, around } = found;
  return { ref, at: call.at, statement, around, call };
}
