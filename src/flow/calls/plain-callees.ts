// Callees that only read members, note something in them or count: they are followed, though they reach no API.

import type { FunctionRef } from '../../program/index.js';
import { isNoteAbsent } from '../constants/unmade-steps.js';
import type { Evaluated } from '../model/engine.js';
import { wholeOf } from '../state/heap.js';
import { answerKeys, isZeroed, type State } from '../state/state.js';
import { isBitTest } from '../tree/bit-tests.js';
import { answersByCount, isCounter } from '../tree/counters.js';
import { choosesDirection } from '../tree/direction-choices.js';
import { handsBack, returnsPart } from '../tree/handed-back.js';
import { isNote } from '../tree/notes.js';
import { membersRead } from '../tree/readers.js';
import { isMaker, isSetter, isStep } from '../tree/setters.js';
import { knowsSlot } from '../tree/slot-callers.js';
import type { CallSite } from './call-site.js';
import { isErrorQuestion } from './errors/helper-errors.js';

/**
 * Follows a callee that only reads members of which one is known here, counts, notes something, makes a structure,
 * or chooses a direction.
 * @param target the callee, where it is found among the files that name the API
 * @returns undefined for any other callee
 */
export function followPlain(
  site: CallSite,
  target: FunctionRef | undefined,
  state: State,
): readonly Evaluated[] | undefined {
  const { engine, call, values, frame } = site;
  if (target && returnsPart(engine.codebase, target)) return engine.call(target, values, state, { frame, at: call.at });
  if (engine.locks) return undefined;
  const known = target ?? noterBeside(site, state);
  if (!known) return undefined;
  const read = readMembers(site, known, state);
  if (read) return read;
  const followed = isNote(engine.codebase, known)
    ? engine.call(known, values, state, { frame: { ...frame, spare: frame.spare + 1 }, at: call.at })
    : isNoting(site, known) || (target ? isCounting(site, target, state) : knowsSlot(site, known, state))
      ? engine.call(known, values, state, { frame, at: call.at })
      : undefined;
  const isSettled = followed?.length === 1 && frame.stack.length === 1 && answersByCount(engine.codebase, known);
  if (isSettled) engine.settled.add(call.at);
  return followed;
}

/** A callee in a file of the module that does not name the API: it may note in an object what this file asks there. */
function noterBeside({ engine, name, values, frame }: CallSite, state: State): FunctionRef | undefined {
  const isKnown = (value: number): boolean =>
    state.shared.has(value) || state.answers.has(answerKeys.zeroed(wholeOf(state, value) ?? value));
  return values.some(isKnown) ? engine.codebase.definitions.findInModule(name, frame.ref.path) : undefined;
}

function isCounting(site: CallSite, target: FunctionRef, state: State): boolean {
  const { codebase } = site.engine;
  return (
    isCounter(codebase, target) ||
    answersByCount(codebase, target) ||
    isStep(codebase, target) ||
    isBitTest(codebase, target) ||
    handsBack(codebase, target) ||
    choosesDirection(codebase, target) ||
    knowsSlot(site, target, state) ||
    isErrorQuestion(site, state, target)
  );
}

function isNoting({ engine: { codebase } }: CallSite, target: FunctionRef): boolean {
  return isSetter(codebase, target) || isMaker(codebase, target) || isStep(codebase, target);
}

/** Follows a callee that only reads members of which one is known here, also where no other would be followed any deeper. */
function readMembers({ engine, call, values, frame }: CallSite, target: FunctionRef, state: State) {
  const members = [...(membersRead(engine.codebase, target) ?? [])];
  const isTold = (member: string): boolean =>
    values.some((value) => state.heap.has(`${value}.${member}`) || isZeroed(state, value)) ||
    isNoteAbsent(engine, member, (name) => name, state, frame);
  if (!members.some(isTold)) return undefined;
  return engine.call(target, values, state, {
    frame: { ...frame, spare: frame.spare + 1 },
    at: call.at,
  });
}
