import { type Expression, type Statement, visitExpressions, visitStatements } from '../../c/index.js';
import { bitFunctions, isConversion, isErrorMacro, transparentArgument } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction } from '../../program/index.js';

/** A longer function does more than to read a member. */
const mostStatements = 8;

/**
 * The members that a function reads and does nothing else, as in `return view->sgt != NULL;`: what it returns is known where
 * they are. One that looks something up, in a table or by a call, is no reader: its answer is remembered as a whole.
 * @returns undefined for a function that is no reader
 */
export function membersRead(codebase: Codebase, ref: FunctionRef): ReadonlySet<string> | undefined {
  return memoByFunction(codebase, ref, 'is a reader', () => {
    const { body, unparsed } = codebase.program.lower(ref);
    if (unparsed.length > 0) return undefined;
    const members = new Set<string>();
    let [statements, isPlain] = [0, true];
    visitStatements(body, (statement) => {
      statements++;
      if (!isPlainStatement(statement)) isPlain = false;
    });
    visitExpressions(body, (expression) => {
      if (expression.kind === 'member') members.add(expression.member);
      if (!isPlainExpression(expression)) isPlain = false;
    });
    const isReader = isPlain && members.size > 0 && statements <= mostStatements && body.at(-1)?.kind === 'return';
    return isReader ? members : undefined;
  });
}

function isPlainStatement(statement: Statement): boolean {
  const { kind } = statement;
  if (kind === 'declaration') return !/\bstatic\b/.test(statement.type);
  return kind === 'block' || kind === 'if' || (kind === 'return' && statement.value !== null);
}

function isPlainExpression(expression: Expression): boolean {
  switch (expression.kind) {
    case 'call': {
      const { callee } = expression;
      if (callee.kind !== 'name') return false;
      const isBitTest = bitFunctions.get(callee.name)?.makes === null;
      return (
        isBitTest ||
        isConversion(callee.name) ||
        isErrorMacro(callee.name) ||
        transparentArgument(callee.name) !== undefined
      );
    }
    case 'assignment':
    case 'update':
    case 'index':
    case 'statements':
    case 'unparsed':
      return false;
    default:
      return true;
  }
}
