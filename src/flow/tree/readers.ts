import {
  type CallExpression,
  type Expression,
  type Statement,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import {
  bitFunctions,
  bitmapFunctions,
  type CountStep,
  countSteps,
  isConversion,
  isErrorMacro,
  makesBit,
  readAccess,
  transparentArgument,
} from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction } from '../../program/index.js';
import { besideIn } from './notes.js';

/** A longer function does more than to read a member. */
const mostStatements = 8;
/** Through how many other readers a reader may read. */
const deepest = 1;

/**
 * The members that a function reads and does nothing else, as in `return view->sgt != NULL;`: what it returns is known where
 * they are. One that looks something up, in a table or by a call, is no reader: its answer is remembered as a whole.
 * @returns undefined for a function that is no reader
 */
export function membersRead(codebase: Codebase, ref: FunctionRef, depth = deepest): ReadonlySet<string> | undefined {
  return memoByFunction(codebase, ref, `is a reader\0${depth}`, () => {
    const { body, unparsed } = codebase.program.lower(ref);
    if (unparsed.length > 0) return undefined;
    const members = new Set<string>();
    const isNumber = !ref.outline.returnType.includes('*');
    let [statements, isPlain] = [0, true];
    visitStatements(body, (statement) => {
      statements++;
      if (!isPlainStatement(statement)) isPlain = false;
    });
    visitExpressions(body, (expression) => {
      if (expression.kind === 'member') members.add(expression.member);
      const inner =
        isPlain && depth > 0 && expression.kind === 'call' ? readByHelper(codebase, ref, expression, depth) : undefined;
      for (const member of inner ?? []) members.add(member);
      if (inner) return;
      // A pointer in a table is looked up.
      if (!isPlainExpression(expression) || (expression.kind === 'index' && !isNumber)) isPlain = false;
    });
    const last = body.at(-1)?.kind;
    const isReader =
      isPlain && members.size > 0 && statements <= mostStatements && (last === 'return' || last === 'switch');
    return isReader ? members : undefined;
  });
}

/** What another reader of the module reads, which this one calls: `*ex_word(x) & BIT(step)`. */
function readByHelper(codebase: Codebase, ref: FunctionRef, { callee }: CallExpression, depth: number) {
  if (callee.kind !== 'name' || isPlainCall(callee.name)) return undefined;
  const target = besideIn(codebase, ref, callee.name);
  return target && membersRead(codebase, target, depth - 1);
}

function isPlainStatement(statement: Statement): boolean {
  const { kind } = statement;
  if (kind === 'declaration') return !/\bstatic\b/.test(statement.type);
  if (kind === 'switch' || kind === 'case' || kind === 'break') return true;
  return kind === 'block' || kind === 'if' || (kind === 'return' && statement.value !== null);
}

/** Whether a known function only reads what it is given. */
function isPlainCall(name: string): boolean {
  return (
    bitFunctions.get(name)?.makes === null ||
    bitmapFunctions.get(name)?.writes === null ||
    isRead(countSteps.get(name)) ||
    makesBit(name) ||
    readAccess(name) !== undefined ||
    isConversion(name) ||
    isErrorMacro(name) ||
    transparentArgument(name) !== undefined
  );
}

/** Whether a call only reads a count. */
function isRead(step: CountStep | undefined): boolean {
  return step?.change.kind === 'by' && step.change.number === 0;
}

function isPlainExpression(expression: Expression): boolean {
  switch (expression.kind) {
    case 'index':
      // `x->marks[step]` is as well known as the member; what a table of the file holds is not.
      return expression.object.kind === 'member';
    case 'call': {
      const { callee } = expression;
      return callee.kind === 'name' && isPlainCall(callee.name);
    }
    case 'assignment':
    case 'update':
    case 'statements':
    case 'unparsed':
      return false;
    default:
      return true;
  }
}
