// What does a callback use of its importer's structure on every path?

import {
  type CallExpression,
  type Expression,
  type FunctionUnit,
  type Statement,
  subexpressions,
  visitStatements,
} from '../../c/index.js';
import {
  apiRow,
  freeFunctions,
  importerPrivateMember,
  isBorrower,
  isConversion,
  isFailureTest,
  isHarmless,
  queueArgument,
} from '../../kernel/index.js';
import { type Codebase, type FunctionRef, originsOf } from '../../program/index.js';
import type { UnconditionalUse } from '../model/importer.js';

/** The structure whose uses are collected: what a parameter, or a member of it, points to. */
interface Structure {
  /** The parameter. */
  readonly index: number;
  /** The members that lead from the parameter to the structure. */
  readonly prefix: readonly string[];
}

/** Helpers are followed this many calls deep. */
const deepestHelper = 2;

/** The importer's structure, as its callback gets it. */
export const callbackStructure: Structure = { index: 0, prefix: [importerPrivateMember] };

/** Returns what a callback uses of its importer's structure on every path, before anything can make it return. */
export function unconditionalUses(codebase: Codebase, callback: FunctionRef): readonly UnconditionalUse[] {
  return usesOf(codebase, callback, callbackStructure, deepestHelper);
}

function usesOf(
  codebase: Codebase,
  ref: FunctionRef,
  structure: Structure,
  depth: number,
): readonly UnconditionalUse[] {
  return usesInBody(codebase, ref, codebase.program.lower(ref).body, structure, depth);
}

/** Returns what a part of the callback or helper uses whenever that part runs. */
export function usesInBody(
  codebase: Codebase,
  ref: FunctionRef,
  body: readonly Statement[],
  structure: Structure,
  depth = deepestHelper,
): readonly UnconditionalUse[] {
  const unit = codebase.program.lower(ref);
  const found: UnconditionalUse[] = [];
  // The structure is there: an importer without one has nothing that could be initialised too late.
  const isIdle = (test: Expression): boolean => {
    const asked = test.kind === 'unary' && test.operator === '!' ? test.operand : null;
    return asked !== null && pathFrom(unit, asked, structure)?.length === 0;
  };
  for (const expression of runAlways(body, isIdle).expressions) {
    const use = useIn(unit, expression, structure);
    if (use) found.push({ ...use, ref, at: expression.at });
    if (expression.kind !== 'call') continue;
    for (const path of argumentsOf(codebase, ref, expression, structure))
      found.push({ path, kind: 'argument', ref, at: expression.at });
    const helper = depth > 0 ? helperOf(codebase, ref, expression, structure) : undefined;
    if (helper) found.push(...usesOf(codebase, helper.ref, { index: helper.index, prefix: [] }, depth - 1));
  }
  return found;
}

/** The function that a call passes the structure to, with the index of the parameter that gets it. */
function helperOf(
  codebase: Codebase,
  ref: FunctionRef,
  call: Extract<Expression, { kind: 'call' }>,
  structure: Structure,
): { readonly ref: FunctionRef; readonly index: number } | undefined {
  const unit = codebase.program.lower(ref);
  const index = call.arguments.findIndex((argument) => pathFrom(unit, argument, structure)?.length === 0);
  if (index < 0 || call.callee.kind !== 'name') return undefined;
  const target = codebase.definitions.findNear(call.callee.name, ref.path);
  return target && { ref: target, index };
}

/**
 * The members of the structure that a call passes to a function that is neither found nor listed in the kernel's
 * tables.
 */
function argumentsOf(
  codebase: Codebase,
  ref: FunctionRef,
  { callee, arguments: given }: CallExpression,
  structure: Structure,
): readonly (readonly string[])[] {
  if (callee.kind !== 'name' || mayGetNothing(callee.name)) return [];
  if (codebase.definitions.find(callee.name, ref.path)) return [];
  const unit = codebase.program.lower(ref);
  return given.flatMap((argument) => {
    const path = argument.kind === 'member' ? pathFrom(unit, argument, structure) : undefined;
    return path && path.length > 0 ? [path] : [];
  });
}

/** Whether a function accepts NULL, or does nothing with its argument. */
function mayGetNothing(name: string): boolean {
  return (
    apiRow(name) !== undefined ||
    freeFunctions.has(name) ||
    isConversion(name) ||
    isBorrower(name) ||
    isFailureTest(name)
  );
}

function useIn(
  unit: FunctionUnit,
  expression: Expression,
  structure: Structure,
): Pick<UnconditionalUse, 'path' | 'kind'> | undefined {
  if (expression.kind === 'unary' && expression.operator === '&' && expression.operand.kind === 'member') {
    const path = pathFrom(unit, expression.operand, structure);
    return path && path.length > 0 ? { path, kind: 'object' } : undefined;
  }
  const queue = expression.kind === 'call' ? queueOf(expression) : undefined;
  if (queue) {
    const path = pathFrom(unit, queue, structure);
    return path && path.length > 0 ? { path, kind: 'pointer' } : undefined;
  }
  if (expression.kind !== 'member' || !expression.arrow) return undefined;
  const path = pathFrom(unit, expression.object, structure);
  return path && { path, kind: 'pointer' };
}

/** The queue that a call puts work on. */
function queueOf({ callee, arguments: given }: Extract<Expression, { kind: 'call' }>): Expression | undefined {
  const index = callee.kind === 'name' ? queueArgument(callee.name) : undefined;
  return index === undefined ? undefined : given[index];
}

/** The members that lead from the structure to a value; undefined where the value may be something else. */
export function pathFrom(
  unit: FunctionUnit,
  value: Expression,
  { index, prefix }: Structure,
): readonly string[] | undefined {
  const [origin, ...others] = originsOf(unit, value);
  if (!origin || others.length > 0 || origin.kind !== 'parameter' || origin.index !== index) return undefined;
  return prefix.every((member, position) => member === origin.path[position])
    ? origin.path.slice(prefix.length)
    : undefined;
}

/** The part of some code that runs every time. */
interface RunAlways {
  readonly expressions: readonly Expression[];
  /** Whether the code may leave the function, so that what follows may not run. */
  readonly mayLeave: boolean;
}

/**
 * The expressions of a body that are evaluated every time it runs, up to the first statement that may leave.
 * @param isIdle the tests that are never true
 */
function runAlways(body: readonly Statement[], isIdle: (test: Expression) => boolean): RunAlways {
  const expressions: Expression[] = [];
  for (const statement of body) {
    const inner = runAlwaysIn(statement, isIdle);
    expressions.push(...inner.expressions);
    if (inner.mayLeave) return { expressions, mayLeave: true };
  }
  return { expressions, mayLeave: false };
}

function runAlwaysIn(statement: Statement, isIdle: (test: Expression) => boolean): RunAlways {
  switch (statement.kind) {
    case 'expression':
      return { expressions: evaluatedAlways(statement.expression), mayLeave: false };
    case 'declaration':
      return { expressions: statement.value ? evaluatedAlways(statement.value) : [], mayLeave: false };
    case 'block':
      return runAlways(statement.body, isIdle);
    case 'if':
      return {
        expressions: evaluatedAlways(statement.test),
        mayLeave: mayLeave(isIdle(statement.test) ? statement.otherwise : [statement]),
      };
    case 'macro-block': {
      const passed = statement.arguments.flatMap(evaluatedAlways);
      const inner = /guard/.test(statement.macro) ? runAlways(statement.body, isIdle).expressions : [];
      return { expressions: [...passed, ...inner], mayLeave: mayLeave(statement.body) };
    }
    default:
      return { expressions: [], mayLeave: mayLeave([statement]) };
  }
}

/** An expression with the expressions inside it that are evaluated whenever it is. Assertions are left out. */
function evaluatedAlways(expression: Expression): readonly Expression[] {
  if (expression.kind === 'call' && expression.callee.kind === 'name' && isHarmless(expression.callee.name)) return [];
  if (expression.kind === 'binary' && /^(?:&&|\|\|)$/.test(expression.operator))
    return evaluatedAlways(expression.left);
  if (expression.kind === 'conditional') return evaluatedAlways(expression.test);
  return [expression, ...subexpressions(expression).flatMap(evaluatedAlways)];
}

/** Whether some code may leave the function, or a jump may reach it. */
export function mayLeave(body: readonly Statement[]): boolean {
  let found = false;
  visitStatements(body, ({ kind }) => {
    if (kind === 'return' || kind === 'goto' || kind === 'label' || kind === 'unparsed') found = true;
  });
  return found;
}
