// Which calls of a function end the attachment that a structure keeps?

import { type CallExpression, callsIn, type FunctionUnit, lvalueText } from '../../c/index.js';
import { functionsWithRole, parameterIndex, roleOf } from '../../kernel/index.js';
import {
  assignmentsOf,
  type Codebase,
  type FunctionRef,
  functionKey,
  memoByFunction,
  plain,
} from '../../program/index.js';
import { unique } from '../unique.js';

/** A call that detaches, itself or by what it calls. */
export interface Detach {
  readonly call: CallExpression;
  /** Whether the detach stands in a function that is called. */
  readonly isBelow: boolean;
  /** That function. */
  readonly helper?: FunctionRef | undefined;
  /** Whether the attachment is in a member of a structure, given by the variable that leads to it. */
  readonly isOf: (base: string) => boolean;
}

/** How many calls lie between a function and a detach. */
const deepest = 2;

/** Returns the functions of a module that detach, or that call one that does. */
export function detachingFunctions(codebase: Codebase, path: string): readonly FunctionRef[] {
  const module = codebase.definitions.module(path);
  const found = functionsWithRole('detach').flatMap((name) => codebase.references.of(name, module));
  const direct = found.flatMap(({ inside, isCall }) => (inside && isCall ? [inside] : []));
  return unique(withCallers(codebase, direct, deepest), functionKey);
}

/** Some functions, and those that call them. */
export function withCallers(codebase: Codebase, refs: readonly FunctionRef[], height: number): readonly FunctionRef[] {
  if (height === 0) return refs;
  const above = refs.flatMap((ref) => codebase.references.callersOf(ref).map(({ caller }) => caller));
  return [...refs, ...withCallers(codebase, unique(above, functionKey), height - 1)];
}

/** Returns the calls of a function that detach. */
export function detachesIn(codebase: Codebase, ref: FunctionRef, depth = deepest): readonly Detach[] {
  const unit = codebase.program.lower(ref);
  return callsIn(unit.body).flatMap(({ call, name }): readonly Detach[] => {
    if (name === null) return [];
    if (roleOf(name) === 'detach') {
      const places = attachmentPlaces(unit, call);
      return [{ call, isBelow: false, isOf: (base) => places.some((place) => place.startsWith(`${base}.`)) }];
    }
    const helper = depth > 0 ? codebase.definitions.findInModule(name, ref.path) : undefined;
    const given = helper ? detachedParameters(codebase, helper, depth).map((index) => call.arguments[index]) : [];
    const texts = given.flatMap((argument) => (argument ? (lvalueText(argument) ?? []) : []));
    return texts.length > 0 ? [{ call, isBelow: true, helper, isOf: (base) => texts.includes(base) }] : [];
  });
}

/** The attachment of a detach, as text; where a local variable holds it, what that variable gets. */
function attachmentPlaces(unit: FunctionUnit, call: CallExpression): readonly string[] {
  const attachment = call.arguments[parameterIndex('detach', 'attachment')];
  const text = attachment ? lvalueText(attachment) : null;
  if (text === null) return [];
  return [text, ...(assignmentsOf(unit).values.get(text) ?? []).flatMap((value) => lvalueText(value) ?? [])];
}

/** The parameters, by index, of a function that ends the attachment which a member of theirs holds. */
function detachedParameters(codebase: Codebase, ref: FunctionRef, depth: number): readonly number[] {
  return memoByFunction(
    codebase,
    ref,
    `detached-parameters ${depth}`,
    () => {
      const detaches = detachesIn(codebase, ref, depth - 1);
      return ref.outline.parameters.flatMap(({ name }, index) =>
        detaches.some(({ isOf }) => isOf(name)) ? [index] : [],
      );
    },
    plain(),
  );
}
