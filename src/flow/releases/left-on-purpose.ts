// Does a release function leave something because the path told it to?

import { callsIn, type Expression, subexpressions } from '../../c/index.js';
import { apiRow, isErrorMacro, isReadOfMember, storeAccess } from '../../kernel/index.js';
import { type FunctionRef, functionsIn } from '../../program/index.js';
import { isConstantName } from '../evaluate/named-constants.js';
import type { Engine } from '../model/engine.js';
import { type State, truthOf } from '../state/state.js';
import { reasonsIn } from './release-questions.js';

/**
 * Whether what makes a release function skip may be a note of the path: a member that it has written, or that code out of
 * sight or a macro may have written. What a member says that was never written is no note.
 * @param releases whether a function of this name releases the kind that is left
 */
export function isLeftOnPurpose(
  engine: Engine,
  release: FunctionRef,
  state: State,
  releases: (name: string) => boolean,
): boolean {
  const reasons = reasonsIn(engine, release, releases);
  if (!reasons || reasons.some(({ isOpen }) => isOpen)) return true;
  const asked = new Set(reasons.flatMap(({ members }) => [...members]));
  const telling = new Set(reasons.flatMap(({ members, isForNothing }) => (isForNothing ? [] : [...members])));
  return mayBeWrittenByCall(engine, release, asked) || isWritten(engine, state, telling);
}

/** Whether the path has written one of these members. The error that an API function returned is no note. */
function isWritten({ origins }: Engine, state: State, members: ReadonlySet<string>): boolean {
  for (const [key, value] of state.heap)
    if (members.has(key.slice(key.lastIndexOf('.') + 1)) && truthOf(state, value) !== false && !origins.has(value))
      return true;
  return false;
}

/** Whether a call in the file gets the address of one of these members, or a macro gets one by name. */
function mayBeWrittenByCall({ codebase }: Engine, { path }: FunctionRef, members: ReadonlySet<string>): boolean {
  const isOne = (one: Expression): boolean =>
    (one.kind === 'member' && members.has(one.member)) || subexpressions(one).some(isOne);
  return functionsIn(codebase.program, path).some((ref) =>
    callsIn(codebase.program.lower(ref).body).some(({ name, call }) => {
      const isMacro = name !== null && (isConstantName(name) || codebase.definitions.macroOf(name, path) !== undefined);
      if (name !== null && (apiRow(name) || isErrorMacro(name) || isReadOfMember(name) || storeAccess(name)))
        return false;
      return call.arguments.some(
        (given) => (isMacro || (given.kind === 'unary' && given.operator === '&')) && isOne(given),
      );
    }),
  );
}
