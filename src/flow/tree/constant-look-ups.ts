// `const struct foo *foo_by_id(u32 id)`, which searches a constant table: the same number leads to the same answer at any time.

import { type Expression, isConstantTable, visitExpressions, visitStatements } from '../../c/index.js';
import { type Codebase, type FunctionRef, memoByFunction } from '../../program/index.js';
import { namedNumber } from '../constants/names/constant-numbers.js';
import { constantContent } from '../constants/names/constant-variables.js';
import { isConstantName } from '../evaluate/named-constants.js';
import { isPlainType } from '../evaluate/plain-variables.js';
import { changesNothing, ownVariables, readsAndWritesOf } from './reads-and-writes.js';

/** Through how many callees is asked. */
const deepest = 1;

/**
 * Whether what a function returns depends on the numbers that it gets, and on nothing else: it reads no member of an object,
 * and no variable of the file that somebody may write to.
 */
export function readsConstantsOnly(codebase: Codebase, ref: FunctionRef, depth = deepest): boolean {
  return memoByFunction(codebase, ref, `reads constants only\0${depth}`, () => {
    const { parameters, body, unparsed } = codebase.program.lower(ref);
    if (unparsed.length > 0 || readsAndWritesOf(codebase, ref)?.writes.size !== 0) return false;
    if (parameters.some(({ type }) => type.includes('*') || !isPlainType(type.trim()))) return false;
    const own = ownVariables(codebase.program.lower(ref));
    let isConstant = true;
    visitStatements(body, (statement) => {
      const isKept = statement.kind === 'declaration' && /\bstatic\b/.test(statement.type);
      if (isKept || statement.kind === 'macro-block') isConstant = false;
      if (statement.kind === 'declaration' && statement.pointer && leadsOut(statement.value)) isConstant = false;
    });
    visitExpressions(body, (expression) => {
      if (!isConstantRead(codebase, ref, own, expression, depth)) isConstant = false;
    });
    return isConstant;
  });
}

function isConstantRead(
  codebase: Codebase,
  ref: FunctionRef,
  own: ReadonlySet<string>,
  expression: Expression,
  depth: number,
): boolean {
  switch (expression.kind) {
    case 'name':
      return own.has(expression.name) || isConstantOf(codebase, ref, expression.name, depth);
    case 'member':
      // What a member of the table points to may change.
      return !expression.arrow || expression.object.kind === 'name';
    case 'assignment':
      return !leadsOut(expression.value);
    case 'statements':
    case 'unparsed':
      return false;
    case 'call':
      return expression.callee.kind === 'name';
    default:
      return true;
  }
}

/** Whether a pointer may come from within the table: then it leads to an object that is no constant. */
function leadsOut(value: Expression | null): boolean {
  return value?.kind === 'member' || value?.kind === 'index';
}

/** Whether a name that is no variable of the function stands for what never changes. */
function isConstantOf(codebase: Codebase, ref: FunctionRef, name: string, depth: number): boolean {
  if (isConstantName(name) || changesNothing(name) || constantContent(codebase, name, ref.path)) return true;
  if (namedNumber(codebase, name, ref.path) !== undefined) return true;
  const file = codebase.program.file(ref.path);
  const variable = file?.unit.variables.find((one) => one.name === name);
  if (file && variable) return isConstantTable(file, variable);
  const callee = codebase.definitions.findCandidate(name, ref.path);
  return callee !== undefined && depth > 0 && readsConstantsOnly(codebase, callee, depth - 1);
}
