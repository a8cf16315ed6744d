// Which commands of a file leave an error pointer in a member that the close of the file takes for a pointer?

import {
  type CallExpression,
  callsIn,
  type Expression,
  expressionText,
  type FunctionUnit,
  lvalueText,
  type Statement,
  stripCasts,
  subexpressions,
} from '../../../c/index.js';
import { expressionsIn, graphOf, isReachable, nodeOfCall, successors } from '../../../flow/index.js';
import { apiFunctions, asksForError, isErrorMacro, isResourceType, runsWhileOpen } from '../../../kernel/index.js';
import {
  assignmentsOf,
  type Codebase,
  type FunctionRef,
  filesSaying,
  foundInEach,
  functionKey,
  functionsIn,
} from '../../../program/index.js';
import type { Misuse } from '../../model/lifetimes.js';
import { stepAt } from '../../places.js';
import { type HeldMember, heldMember, isMember, type OwnerSearch, rootOf, withAliases } from '../members.js';
import { askedForError, asksForErrors, returnsResource, type Store, storesIn } from './member-errors.js';
import { askedForNullOnly } from './release-for-null.js';

/** How many calls lie between a command and the function that stores. */
const deepestStore = 4;

/**
 * Finds the stores of an error in a member of what lives on after the failure, as user space may call again, or close:
 * another function of the module releases what the member holds, and asks only whether it is NULL.
 */
export function findErrorsForClose(search: OwnerSearch): readonly Misuse[] {
  const { codebase } = search;
  const sources = codebase.program.candidates.filter((path) => path.endsWith('.c'));
  return foundInEach(codebase, sources, 'errors-for-close', (path) => errorsLeftIn(search, path));
}

function errorsLeftIn(search: OwnerSearch, path: string): readonly Misuse[] {
  const { program } = search.codebase;
  if (!mayKeepError(program.peek(path) ?? '')) return [];
  return functionsIn(program, path)
    .filter((ref) => asksForErrors(program.bodyText(ref)))
    .flatMap((ref) => errorsLeftBy(search, ref));
}

/** Whether a text fills some member with what may be a pointer of the API or an error, and asks whether it is an error. */
function mayKeepError(text: string): boolean {
  const asked = new Set([...text.matchAll(askedForError)].map(([, place = '']) => place));
  return [...asked].some((place) => {
    if (!/->|\./.test(place)) return false;
    const written = place.replace(/[.[\]]/g, '\\$&');
    const filled = new RegExp(`\\b${written}\\s*=\\s*(?:\\([^()]*\\)\\s*)?(\\w+)\\s*\\(`, 'g');
    return [...text.matchAll(filled)].some(([, callee = '']) => mayReturnResource(text, callee));
  });
}

/** Whether a function is of the API, or the text defines it with a pointer of the API as its result. */
function mayReturnResource(text: string, callee: string): boolean {
  if (apiFunctions.has(callee)) return true;
  const defined = new RegExp(`\\bstruct\\s+\\w+\\s*\\*\\s*(?=${callee}\\s*\\()`, 'g');
  return [...text.matchAll(defined)].some(([type]) => isResourceType(type));
}

function errorsLeftBy(search: OwnerSearch, ref: FunctionRef): readonly Misuse[] {
  const { codebase } = search;
  const unit = codebase.program.lower(ref);
  return storesIn(unit.body).flatMap((store): readonly Misuse[] => {
    const held = heldMember(search, ref, store.member);
    if (!held || !isAskedAfter(unit.body, store) || isGivenUp(unit, store.member, store.call)) return [];
    if (!returnsResource(codebase, ref, store)) return [];
    const release = releaseUnasked(search, ref, held);
    if (!release || !livesOn(codebase, { ref, place: store.member, call: store.call }, held.member, release.ref))
      return [];
    return [misuseOf(codebase, ref, store, release)];
  });
}

/** Whether a function asks whether a member is an error after it has stored there, and not before. */
function isAskedAfter(body: readonly Statement[], { member, at }: Store): boolean {
  const place = expressionText(member);
  const asked = callsIn(body).filter(
    ({
      name,
      call: {
        arguments: [argument],
      },
    }) => name !== null && isErrorMacro(name) && argument && expressionText(stripCasts(argument)) === place,
  );
  return asked.length > 0 && asked.every(({ call }) => call.at > at);
}

/**
 * Whether code that may run after a call writes a place, or gives the place or what it is part of to somebody, who may
 * free or clear it. Both may be named by a local pointer: `s` for `&ctx->slot`.
 */
function isGivenUp(unit: FunctionUnit, place: Expression, after: CallExpression): boolean {
  const wholes = namesOf(unit, place);
  const isPart = (text: string): boolean =>
    wholes.some((whole) => whole === text || whole.startsWith(`${text}.`) || whole.startsWith(`${text}[`));
  const holds = (value: Expression): boolean => namesOf(unit, value).some(isPart);
  return mayRunAfter(unit, after, (expression) => {
    if (expression.kind === 'assignment') return holds(expression.target);
    if (expression.kind !== 'call') return false;
    const { callee } = expression;
    const isQuestion = callee.kind === 'name' && isErrorMacro(callee.name);
    return !isQuestion && expression.arguments.some((one) => holds(pointedTo(one)));
  });
}

/** How many local pointers lead to a place, each set from the next. */
const longestChain = 3;

/** The texts of a place: as it stands, and by what the pointer at its root is set to. */
function namesOf(unit: FunctionUnit, place: Expression, depth = longestChain): readonly string[] {
  const text = lvalueText(place);
  const root = rootOf(place);
  if (text === null || root === null) return [];
  const { values, locals } = assignmentsOf(unit);
  const given = depth > 0 && locals.has(root) ? (values.get(root) ?? []) : [];
  const further = given.flatMap((value) => namesOf(unit, pointedTo(value), depth - 1));
  return [text, ...further.map((name) => `${name}${text.slice(root.length)}`)];
}

/** Whether something may run after a call: an expression that is meant stands on a way from the call. */
function mayRunAfter(unit: FunctionUnit, call: CallExpression, isMeant: (expression: Expression) => boolean): boolean {
  const graph = graphOf(unit);
  const start = nodeOfCall(graph, call);
  const has = (expression: Expression): boolean => isMeant(expression) || subexpressions(expression).some(has);
  return successors(graph.nodes[start]).some((from) =>
    isReachable(graph, from, {
      isGoal: (node) => expressionsIn(node).some(has),
      isBlocked: () => false,
      next: successors,
    }),
  );
}

/** What a pointer that is passed on points to, where its text shows that: `a->b` for `&a->b`. */
function pointedTo(value: Expression): Expression {
  const bare = stripCasts(value);
  return bare.kind === 'unary' && bare.operator === '&' ? stripCasts(bare.operand) : bare;
}

/** A call that may leave an error in an object: the one that stores, or one that leads to it. */
interface Failing {
  readonly ref: FunctionRef;
  /** The object, or what it has. */
  readonly place: Expression;
  readonly call: CallExpression;
}

/**
 * Whether the object of a member lives on after a function has failed: the function, or one that calls it, is a command
 * that user space gives as often as it likes, or first has what the object holds released, as if it were called again; and none
 * of them makes the object, or gives it up.
 */
function livesOn(
  codebase: Codebase,
  { ref, place, call: failing }: Failing,
  member: string,
  release: FunctionRef,
  depth = deepestStore,
): boolean {
  const root = rootOf(place);
  const unit = codebase.program.lower(ref);
  const { values, locals } = assignmentsOf(unit);
  const index = ref.outline.parameters.findIndex(({ name }) => name === root);
  const given = root === null ? [] : (values.get(root) ?? []);
  if (root === null || (index < 0 && !locals.has(root)) || given.some((value) => stripCasts(value).kind === 'call'))
    return false;
  const isPointer = index >= 0 || given.length > 0;
  if (!isPointer) return false;
  if (isCommand(codebase, ref) || releasesFirst(unit, root, failing, release)) return true;
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
        !mayRunAfter(calling, call, (expression) => writesMember(expression, member)) &&
        livesOn(codebase, { ref: caller, place: object, call }, member, release, depth - 1)
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

const writesMember = (expression: Expression, member: string): boolean =>
  expression.kind === 'assignment' && expression.target.kind === 'member' && expression.target.member === member;

/** A release of what a member holds. */
interface Release {
  readonly ref: FunctionRef;
  /** Where it is asked whether the member is NULL. */
  readonly asked: number;
}

/**
 * The function that releases what a member holds wherever that is not NULL; undefined where there is none, or where
 * some other code of the module asks whether the member is an error.
 */
function releaseUnasked(search: OwnerSearch, from: FunctionRef, held: HeldMember): Release | undefined {
  const { codebase } = search;
  const files = filesSaying(codebase, codebase.definitions.module(from.path), held.member);
  const said = new RegExp(`(?:->|\\.)\\s*${held.member}\\b`);
  const readers = files
    .flatMap((path) => functionsIn(codebase.program, path))
    .filter((ref) => functionKey(ref) !== functionKey(from) && said.test(codebase.program.bodyText(ref)));
  if (readers.some((ref) => asksOfMember(search, ref, held))) return undefined;
  for (const ref of readers) {
    const asked = askedForNullOnly(search, ref, held);
    if (asked !== undefined) return { ref, asked };
  }
  return undefined;
}

/** Whether a function asks whether a member, or a variable that gets it, is an error. */
function asksOfMember(search: OwnerSearch, ref: FunctionRef, held: HeldMember): boolean {
  const { program } = search.codebase;
  if (!asksForError(program.bodyText(ref))) return false;
  const unit = program.lower(ref);
  const isHeld = withAliases(unit, (value) => isMember(search, ref, value, held));
  return callsIn(unit.body).some(
    ({ name, call }) => name !== null && isErrorMacro(name) && call.arguments.some((one) => isHeld(one)),
  );
}

function misuseOf(
  codebase: Codebase,
  ref: FunctionRef,
  { member, callee, at }: Store,
  { ref: reader, asked }: Release,
): Misuse {
  const { path, outline } = ref;
  const { name } = reader.outline;
  return {
    kind: 'error-pointer',
    resource: null,
    path,
    at,
    function: outline.name,
    api: callee,
    keptIn: member.member,
    takenBy: name,
    certainty: 'medium',
    trace: [
      stepAt(
        codebase,
        reader.path,
        asked,
        `${name}() checks only for NULL here, when the file is used or closed later`,
      ),
    ],
  };
}
