// Helpers that only say what a member holds: `return bo->sgt != NULL;`.

import {
  type CallExpression,
  type Expression,
  lvalueText,
  type Statement,
  subexpressions,
  visitExpressions,
} from '../../c/index.js';
import { assertsExclusion, dropsExclusion, takesAnyLock } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction, plain } from '../../program/index.js';

/** A member of a parameter. */
interface MemberOfParameter {
  /** 0-based. */
  readonly index: number;
  /** `sgt` of `bo->sgt`. */
  readonly rest: string;
}

/**
 * Whether a call asks a helper about a member of the helper's argument.
 * @param member as {@link lvalueText} writes it: `bo.sgt`
 * @param path the file of the call
 */
export function asksByHelper(codebase: Codebase, call: CallExpression, member: string, path: string): boolean {
  const { callee } = call;
  const helper = callee.kind === 'name' ? codebase.definitions.findCandidate(callee.name, path) : undefined;
  const asked = helper && namesMember(codebase, helper, member) ? membersAsked(codebase, helper) : [];
  return asked.some(({ index, rest }) => {
    const argument = call.arguments[index];
    return argument !== undefined && `${lvalueText(argument)}.${rest}` === member;
  });
}

/**
 * The members of its parameters that a function reads, if it does nothing but return what they say; it may hold a lock
 * meanwhile, which it has dropped when it returns.
 */
function membersAsked(codebase: Codebase, helper: FunctionRef): readonly MemberOfParameter[] {
  return memoByFunction(
    codebase,
    helper,
    'members-asked',
    () => {
      const { body, parameters } = codebase.program.lower(helper);
      const asked = answersIn(body);
      const found: MemberOfParameter[] = [];
      visitExpressions(asked, (expression) => {
        const text = expression.kind === 'member' ? lvalueText(expression) : null;
        const index = text === null ? -1 : parameters.findIndex(({ name }) => text.startsWith(`${name}.`));
        if (text !== null && index >= 0) found.push({ index, rest: text.slice(text.indexOf('.') + 1) });
      });
      return found;
    },
    plain(),
  );
}

/** Whether a call passes the object to a helper that names the member, and may test it. */
export function mayLookByHelper(codebase: Codebase, call: CallExpression, member: string, path: string): boolean {
  const { callee } = call;
  const helper = callee.kind === 'name' ? codebase.definitions.findCandidate(callee.name, path) : undefined;
  const object = member.replace(/\.[^.]*$/s, '');
  return (
    helper !== undefined &&
    call.arguments.some((argument) => lvalueText(argument) === object) &&
    namesMember(codebase, helper, member)
  );
}

/** Whether the text of a function names the last member of a place: `sgt` of `bo.sgt`. */
function namesMember({ program }: Codebase, ref: FunctionRef, place: string): boolean {
  const member = place.replace(/^.*\./s, '');
  return new RegExp(`(?:->|\\.)\\s*${member}\\b`).test(program.bodyText(ref));
}

/** The statements that make the answer of a function which only reads; none where it does anything else. */
function answersIn(body: readonly Statement[]): readonly Statement[] {
  const last = body.at(-1);
  if (last?.kind !== 'return' || !last.value || !body.slice(0, -1).every(isOnlyReading)) return [];
  if (body.length === 1) return body;
  const names = namesIn(last.value);
  const isAnswer = (statement: Statement): boolean =>
    (statement.kind === 'declaration' && names.includes(statement.name)) ||
    (statement.kind === 'expression' &&
      statement.expression.kind === 'assignment' &&
      statement.expression.target.kind === 'name' &&
      names.includes(statement.expression.target.name));
  return [...body.filter(isAnswer), last];
}

/** `bool ready;`, `mutex_lock(&bo->lock);`, `guard(mutex)(&bo->lock);`, `ready = bo->sgt;`. */
function isOnlyReading(statement: Statement): boolean {
  if (statement.kind === 'declaration') return true;
  if (statement.kind !== 'expression') return false;
  const { expression } = statement;
  if (expression.kind === 'assignment') return expression.target.kind === 'name';
  if (expression.kind !== 'call') return false;
  const { callee } = expression;
  const name = callee.kind === 'call' && callee.callee.kind === 'name' ? callee.callee : callee;
  if (name.kind !== 'name') return false;
  return takesAnyLock(`${name.name}(`) || dropsExclusion(name.name) || assertsExclusion(name.name);
}

function namesIn(expression: Expression): readonly string[] {
  return expression.kind === 'name' ? [expression.name] : subexpressions(expression).flatMap(namesIn);
}
