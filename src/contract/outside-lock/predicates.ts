// Helpers that only say what a member holds: `return bo->sgt != NULL;`.

import { type CallExpression, lvalueText, visitExpressions } from '../../c/index.js';
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
  const asked = helper ? membersAsked(codebase, helper) : [];
  return asked.some(({ index, rest }) => {
    const argument = call.arguments[index];
    return argument !== undefined && `${lvalueText(argument)}.${rest}` === member;
  });
}

/** The members of its parameters that a function reads, if its body is a single `return`. */
function membersAsked(codebase: Codebase, helper: FunctionRef): readonly MemberOfParameter[] {
  return memoByFunction(
    codebase,
    helper,
    'members-asked',
    () => {
      const { body, parameters } = codebase.program.lower(helper);
      if (body.length !== 1 || body[0]?.kind !== 'return') return [];
      const found: MemberOfParameter[] = [];
      visitExpressions(body, (expression) => {
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
  const [object, name] = [member.replace(/\.[^.]*$/s, ''), member.replace(/^.*\./s, '')];
  return (
    helper !== undefined &&
    call.arguments.some((argument) => lvalueText(argument) === object) &&
    new RegExp(`(?:->|\\.)\\s*${name}\\b`).test(codebase.program.bodyText(helper))
  );
}
