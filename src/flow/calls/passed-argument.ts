import { callsIn, type Expression } from '../../c/index.js';
import type { CallerPlace, CallFrame } from '../model/engine.js';

/** An argument, and the call that it is written in: 0-based offset, and the frame that makes the call. */
interface PassedArgument extends CallerPlace {
  readonly argument: Expression;
}

/**
 * What the caller on the path passes as a parameter of the function of a frame.
 * @param name the parameter
 * @returns undefined where the name is that of no parameter, and where the function is the outermost one
 */
export function passedArgument({ unit, from }: CallFrame, name: string): PassedArgument | undefined {
  const index = unit.parameters.findIndex((one) => one.name === name);
  const call = from && callsIn(from.frame.unit.body).find((one) => one.call.at === from.at)?.call;
  const argument = index < 0 ? undefined : call?.arguments[index];
  return from && argument ? { ...from, argument } : undefined;
}
