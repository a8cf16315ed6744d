// May the count that a loop of a callback goes up to be 0 by the time that something is torn down?

import { type CallExpression, type Expression, type FunctionUnit, visitExpressions } from '../../c/index.js';
import { changesMember, exchangeMacro, isNullPointer, storeAccess } from '../../kernel/index.js';
import { type Codebase, functionKey } from '../../program/index.js';
import type { LoopUse } from '../model/importer.js';
import { functionsMatching } from '../tables/functions-matching.js';

/**
 * Returns whether a loop may be told by its bound that there is nothing: it asks for what it uses, or some code changes the
 * bound other than where it makes what the loop uses. A change that cannot be seen whole counts.
 * @param from a file of the module
 * @param attaching the functions that attach, or call one that does, by key
 */
export function mayCountDown(
  codebase: Codebase,
  from: string,
  { bound, path: used }: LoopUse,
  attaching: ReadonlySet<string>,
): boolean {
  const member = bound.at(-1) ?? '';
  const use = used.at(-1) ?? '';
  if (bound.join('.') === used.join('.') || member === use) return true;
  const word = new RegExp(`\\b${member}\\b`);
  const touch = new RegExp(`(?:->|\\.)\\s*${member}\\b`, 'g');
  return codebase.definitions.module(from).some((file) => {
    if (!word.test(codebase.program.peek(file) ?? '')) return false;
    if (codebase.program.macrosIn(file).some(({ body }) => word.test(body))) return true;
    return functionsMatching(codebase, file, touch).some((ref) => {
      const unit = codebase.program.lower(ref);
      const fills = attaching.has(functionKey(ref)) || stores(unit, use);
      return unit.unparsed.length > 0 || mayClear(codebase, unit, member, fills);
    });
  });
}

function stores({ body }: FunctionUnit, member: string): boolean {
  let found = false;
  visitExpressions(body, (expression) => {
    if (expression.kind === 'assignment' && isMember(expression.target, member)) found = true;
  });
  return found;
}

const isMember = (value: Expression, member: string): boolean => value.kind === 'member' && value.member === member;

/** Whether a function may set the member to 0. If it fills what the loop uses, any value that is no plain 0 belongs to that. */
function mayClear(codebase: Codebase, { body, path }: FunctionUnit, member: string, fills: boolean): boolean {
  let found = false;
  visitExpressions(body, (expression) => {
    switch (expression.kind) {
      case 'assignment':
        if (!isMember(expression.target, member) || expression.operator === '+=') return;
        if (expression.operator !== '=' || !fills || mayBeZero(expression.value)) found = true;
        return;
      case 'update':
        if (isMember(expression.operand, member) && expression.operator.includes('--')) found = true;
        return;
      case 'unary':
        if (expression.operator === '&' && isMember(expression.operand, member)) found = true;
        return;
      case 'call':
        if (expression.arguments.some((given) => isMember(given, member)) && mayStore(codebase, path, expression))
          found = true;
    }
  });
  return found;
}

function mayBeZero(value: Expression): boolean {
  if (value.kind === 'cast') return mayBeZero(value.operand);
  return value.kind === 'conditional' || isNullPointer(value) || (value.kind === 'name' && value.name === 'false');
}

/** Whether a call may store in a place that it gets by name: only a macro can. */
function mayStore({ definitions }: Codebase, from: string, { callee }: CallExpression): boolean {
  if (callee.kind !== 'name') return false;
  const { name } = callee;
  return (
    changesMember(name) ||
    storeAccess(name) !== undefined ||
    name === exchangeMacro ||
    definitions.macro(name, from) !== undefined
  );
}
