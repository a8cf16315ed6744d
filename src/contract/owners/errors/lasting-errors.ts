// Which functions leave an error pointer in a member that they themselves take for a pointer the next time?

import {
  type Expression,
  expressionText,
  type Statement,
  stripCasts,
  visitExpressions,
  visitStatements,
} from '../../../c/index.js';
import { asksForError, isNullPointer } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, foundInEach, functionsIn } from '../../../program/index.js';
import type { Misuse } from '../../model/lifetimes.js';
import { stepAt } from '../../places.js';
import { getsNewObject } from '../frees.js';
import {
  askedForError,
  asksForErrors,
  isAskedForError,
  isUndone,
  returnsResource,
  type Store,
  storesIn,
} from './member-errors.js';

/**
 * Finds the members that are filled where they are NULL, and keep an error pointer where that fails: the next call of the
 * function, and whoever releases the member, ask for NULL, and take the error for a pointer.
 */
export function findLastingErrors(codebase: Codebase): readonly Misuse[] {
  const sources = codebase.program.candidates.filter((path) => path.endsWith('.c'));
  return foundInEach(codebase, sources, 'lasting-errors', (path) => lastingErrorsIn(codebase, path));
}

function lastingErrorsIn(codebase: Codebase, path: string): readonly Misuse[] {
  const { program } = codebase;
  if (!mayLeaveError(program.peek(path) ?? '')) return [];
  return functionsIn(program, path)
    .filter((ref) => asksForErrors(program.bodyText(ref)))
    .flatMap((ref) => lastingErrorsOf(codebase, ref));
}

/** Whether a text fills some place from a call, and asks of the same place whether it is an error and whether it is NULL. */
function mayLeaveError(text: string): boolean {
  const asked = new Set([...text.matchAll(askedForError)].map(([, place = '']) => place));
  return [...asked].some((place) => {
    const written = place.replace(/[.[\]]/g, '\\$&');
    const fills = new RegExp(`\\b${written}\\s*=\\s*(?:\\([^()]*\\)\\s*)?\\w+\\s*\\(`);
    const asks = new RegExp(`(?:!\\s*|[(&|]\\s*)${written}\\b\\s*(?:[)&|]|[=!]=)`);
    return fills.test(text) && asks.test(text);
  });
}

function lastingErrorsOf(codebase: Codebase, ref: FunctionRef): readonly Misuse[] {
  const { body } = codebase.program.lower(ref);
  return storesIn(body).flatMap((store): readonly Misuse[] => {
    const text = expressionText(store.member);
    if (!isAskedForError(body, store, text) || isUndone(body, store, text)) return [];
    if (isUndoneByCallers(codebase, ref, store) || !returnsResource(codebase, ref, store)) return [];
    const { object } = store.member;
    // Where the caller fails to make an object, there is no next time.
    if (object.kind === 'name' && getsNewObject(codebase, ref, object.name)) return [];
    const own = firstNullTest(body, text);
    const isBefore = own !== undefined && own < store.at;
    const asked = own === undefined ? askedByCaller(codebase, ref, store) : isBefore ? { ref, at: own } : undefined;
    return asked ? [misuseOf(codebase, ref, store, asked)] : [];
  });
}

/** A test of a member for NULL. */
interface NullTest {
  readonly ref: FunctionRef;
  readonly at: number;
}

/** Where a caller asks whether the member is NULL before it has a helper fill it, and nowhere whether it is an error. */
function askedByCaller(codebase: Codebase, ref: FunctionRef, store: Store): NullTest | undefined {
  const { program, references } = codebase;
  const { object } = store.member;
  const index = ref.outline.parameters.findIndex(({ name }) => object.kind === 'name' && name === object.name);
  if (index < 0) return undefined;
  for (const { caller, call } of references.callersOf(ref)) {
    const argument = call.arguments[index];
    if (!argument || asksForError(program.bodyText(caller)) || isUndoneByCallers(codebase, caller, store)) continue;
    const place = expressionText({ ...store.member, object: stripCasts(argument) });
    const at = firstNullTest(program.lower(caller).body, place);
    if (at !== undefined && at < call.at) return { ref: caller, at };
  }
  return undefined;
}

/** Where a function first asks whether a place is NULL; undefined where it does not. */
function firstNullTest(body: readonly Statement[], place: string): number | undefined {
  const found: number[] = [];
  const is = (expression: Expression): boolean => expressionText(stripCasts(expression)) === place;
  const test = (expression: Expression): void => {
    const asks =
      is(expression) ||
      (expression.kind === 'unary' && expression.operator === '!' && is(expression.operand)) ||
      (expression.kind === 'binary' &&
        /^[=!]=$/.test(expression.operator) &&
        ((is(expression.left) && isNullPointer(expression.right)) ||
          (is(expression.right) && isNullPointer(expression.left))));
    if (asks) found.push(expression.at);
    if (expression.kind !== 'binary' || !/^(?:&&|\|\|)$/.test(expression.operator)) return;
    test(expression.left);
    test(expression.right);
  };
  visitStatements(body, (statement) => {
    if (statement.kind === 'if') test(statement.test);
  });
  return found.length > 0 ? Math.min(...found) : undefined;
}

/** Whether a caller that learns of the failure may undo it: it writes such a member, or passes the object on later. */
function isUndoneByCallers(codebase: Codebase, ref: FunctionRef, { member }: Store): boolean {
  return codebase.references.callersOf(ref).some(({ caller, call }) => {
    const { body } = codebase.program.lower(caller);
    const passed = new Set(call.arguments.map((one) => expressionText(stripCasts(one))));
    let isUndone = false;
    visitExpressions(body, (expression) => {
      if (expression.at <= call.at) return;
      if (expression.kind === 'assignment' && expression.target.kind === 'member')
        isUndone ||= expression.target.member === member.member;
      if (expression.kind === 'call')
        isUndone ||= expression.arguments.some((one) => passed.has(expressionText(stripCasts(one))));
    });
    return isUndone;
  });
}

function misuseOf(codebase: Codebase, ref: FunctionRef, { member, callee, at }: Store, asked: NullTest): Misuse {
  const { path, outline } = ref;
  return {
    kind: 'error-pointer',
    resource: null,
    path,
    at,
    function: outline.name,
    api: callee,
    keptIn: member.member,
    takenBy: asked.ref.outline.name,
    certainty: 'medium',
    trace: [
      stepAt(
        codebase,
        asked.ref.path,
        asked.at,
        `${asked.ref.outline.name}() checks only for NULL here, the next time`,
      ),
    ],
  };
}
