import type { Expression } from '../../c/index.js';
import { descriptorInstalls } from '../../kernel/index.js';
import type { CallSite } from '../calls/call-site.js';
import { assign } from '../evaluate/assign.js';
import { newValueWith } from '../evaluate/new-value.js';
import type { Evaluated } from '../model/engine.js';
import type { State } from '../state/state.js';
import { bad, good, zero, zeroValue } from '../state/value.js';
import { makeDescriptor, noteFailure } from './make-descriptor.js';

/**
 * Evaluates a call that installs a descriptor for a buffer out of sight, and stores its number: `f(dev, file, handle,
 * flags, &args->fd)`. It fails with an error, and has installed nothing then.
 * @returns undefined for every other call
 */
export function applyInstall(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const { engine, call, frame, name } = site;
  const target = call.arguments[descriptorInstalls.get(name) ?? -1];
  if (!target) return undefined;
  const failed = newValueWith(engine, state, bad);
  const number = newValueWith(engine, state, good | zero);
  const made = { value: number.value, state: makeDescriptor(site, undefined, number.value, number.state) };
  return [
    ...assign(engine, pointeeOf(target), made, frame).map((stored) => ({ value: zeroValue, state: stored.state })),
    { value: failed.value, state: noteFailure(site, failed.state) },
  ];
}

/** What a pointer that is passed leads to. */
function pointeeOf(pointer: Expression): Expression {
  if (pointer.kind === 'unary' && pointer.operator === '&') return pointer.operand;
  return { kind: 'unary', operator: '*', operand: pointer, at: pointer.at };
}
