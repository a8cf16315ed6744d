// Does an object live on after a function has failed that leaves an error in it?

import { type CallExpression, callsIn, type Expression, type FunctionUnit, stripCasts } from '../../../c/index.js';
import { runsWhileOpen } from '../../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, functionKey } from '../../../program/index.js';
import { isFresh } from '../frees.js';
import { rootOf } from '../members.js';
import { isGivenUp, mayRunAfter, mayWriteAfter, pointedTo } from './given-up.js';

/** How many calls lie between a command and the function that stores. */
const deepestStore = 4;

/** A call that may leave an error in an object: the one that stores, or one that leads to it. */
export interface Failing {
  readonly ref: FunctionRef;
  /** The object, or what it has. */
  readonly place: Expression;
  readonly call: CallExpression;
}

/**
 * Returns whether the object of a member lives on after a function has failed: the function, or one that calls it, is a command
 * that user space gives as often as it likes, or first has what the object holds released, as if it were called again; and none
 * of them makes the object, or gives it up.
 * @param isAgain whether a callee on the way first has released what the object holds
 */
export function livesOn(
  codebase: Codebase,
  { ref, place, call: failing }: Failing,
  member: string,
  release: FunctionRef,
  depth = deepestStore,
  isAgain = false,
): boolean {
  const root = rootOf(place);
  const unit = codebase.program.lower(ref);
  const { values, locals } = assignmentsOf(unit);
  const index = ref.outline.parameters.findIndex(({ name }) => name === root);
  const given = root === null ? [] : (values.get(root) ?? []);
  if (root === null || (index < 0 && !locals.has(root))) return false;
  const isFromCall = given.some((value) => stripCasts(value).kind === 'call');
  if (isFromCall && (!isAgain || isFresh(codebase, ref, place))) return false;
  const isPointer = index >= 0 || given.length > 0;
  if (!isPointer) return false;
  if (isCommand(codebase, ref)) return true;
  const isRepeated = isAgain || releasesFirst(unit, root, failing, release);
  if (isRepeated && isEnteredFromOutside(codebase, ref)) return true;
  return (
    depth > 0 &&
    index >= 0 &&
    codebase.references.callersOf(ref).some(({ caller, call }) => {
      const argument = call.arguments[index];
      if (!argument || functionKey(caller) === functionKey(ref)) return false;
      const calling = codebase.program.lower(caller);
      const object = pointedTo(argument);
      return (
        !isGivenUp(calling, object, call) &&
        !mayWriteAfter(codebase, caller, call, member) &&
        livesOn(codebase, { ref: caller, place: object, call }, member, release, depth - 1, isRepeated)
      );
    })
  );
}

/** Whether a function has another one release what an object holds, before a call. */
function releasesFirst(unit: FunctionUnit, root: string, before: CallExpression, release: FunctionRef): boolean {
  const isBefore = ({ call, name }: ReturnType<typeof callsIn>[number]): boolean =>
    name === release.outline.name &&
    call.at < before.at &&
    call.arguments.some((argument) => rootOf(argument) === root) &&
    mayRunAfter(unit, call, (expression) => expression.at === before.at);
  return callsIn(unit.body).some(isBefore);
}

/** Whether a function stands in a table, with or without named slots, that user space calls on an open file. */
function isCommand({ program, references }: Codebase, ref: FunctionRef): boolean {
  const { name } = ref.outline;
  if (references.slotsOf(ref).some(({ slot, variable }) => runsWhileOpen(variable.type, slot))) return true;
  return references.of(name, references.scope(ref)).some(({ isCall, inside, path, at }) => {
    if (isCall || inside) return false;
    const variables = program.file(path)?.unit.variables ?? [];
    return variables.some(({ type, valueAt, end }) => {
      const isAround = valueAt !== null && valueAt <= at && at < end;
      return isAround && runsWhileOpen(type, null);
    });
  });
}

/**
 * Whether only code outside of the module calls a function: none of the module does, by its name, in a macro, through a table
 * of a type of its own, a variable, or as a callback of a function of its own. Whoever does may clear what a failure leaves.
 */
function isEnteredFromOutside({ program, references, definitions }: Codebase, ref: FunctionRef): boolean {
  if (references.callersOf(ref).some(({ caller }) => functionKey(caller) !== functionKey(ref))) return false;
  const { name } = ref.outline;
  const scope = references.scope(ref);
  const word = new RegExp(`\\b${name}\\b`);
  if (scope.some((path) => program.file(path)?.unit.macros.some(({ body }) => word.test(body)))) return false;
  const isOutside = (type: string): boolean => {
    const tag = /\bstruct\s+(\w+)/.exec(type)?.[1];
    return tag !== undefined && definitions.struct(tag, ref.path)?.path.startsWith('include/') !== false;
  };
  return references.of(name, scope).every(({ isCall, inside, path, at }) => {
    if (isCall) return true;
    const variables = program.file(path)?.unit.variables ?? [];
    if (!inside)
      return variables.every(
        ({ type, valueAt, end }) => valueAt === null || at < valueAt || at >= end || isOutside(type),
      );
    return callsIn(program.lower(inside).body).some(
      ({ call, name: callee }) =>
        callee !== null &&
        !definitions.findNear(callee, inside.path) &&
        call.arguments.some((argument) => argument.at === at),
    );
  });
}
