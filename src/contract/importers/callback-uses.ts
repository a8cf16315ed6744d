// What does a callback use of its importer's structure on every path?

import type { CallExpression, Expression, FunctionUnit, Statement } from '../../c/index.js';
import {
  apiRow,
  freeFunctions,
  importerPrivateMember,
  isBorrower,
  isConversion,
  isFailureTest,
  queueArgument,
  registerArgument,
} from '../../kernel/index.js';
import { type Codebase, type FunctionRef, originsOf } from '../../program/index.js';
import type { LoopUse, UnconditionalUse } from '../model/importer.js';
import { type Round, runAlways } from './run-always.js';

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

/** Returns what a callback uses in the rounds of loops that it comes to on every path. */
export function usesInLoops(codebase: Codebase, callback: FunctionRef): readonly LoopUse[] {
  return loopUsesOf(codebase, callback, callbackStructure, deepestHelper);
}

function loopUsesOf(codebase: Codebase, ref: FunctionRef, structure: Structure, depth: number): readonly LoopUse[] {
  const unit = codebase.program.lower(ref);
  const { expressions, rounds } = runAlways(unit.body, isIdleIn(unit, structure));
  const own = rounds.flatMap((round) => usesInRound(unit, ref, round, structure));
  const below = expressions.flatMap((expression) => {
    const helper = depth > 0 && expression.kind === 'call' ? helperOf(codebase, ref, expression, structure) : undefined;
    return helper ? loopUsesOf(codebase, helper.ref, { index: helper.index, prefix: [] }, depth - 1) : [];
  });
  return [...own, ...below];
}

function usesInRound(
  unit: FunctionUnit,
  ref: FunctionRef,
  { test, expressions }: Round,
  structure: Structure,
): readonly LoopUse[] {
  const bound = test && boundIn(unit, test, structure);
  if (!bound) return [];
  return expressions.flatMap((expression) => {
    const use = useIn(unit, expression, structure) ?? elementIn(unit, expression, structure);
    return use ? [{ ...use, ref, at: expression.at, bound }] : [];
  });
}

/** The member that a loop counts up to: `i < x->count`. Any other test may hold for reasons that nobody follows. */
function boundIn(unit: FunctionUnit, test: Expression, structure: Structure): readonly string[] | undefined {
  if (test.kind !== 'binary' || !/^(?:[<>]=?|!=)$/.test(test.operator)) return undefined;
  const [left, right] = [test.left, test.right].map((side) => ({
    path: side.kind === 'member' || side.kind === 'name' ? pathFrom(unit, side, structure) : undefined,
    isOwn: side.kind === 'name' || side.kind === 'literal',
  }));
  if (!left || !right || (left.path === undefined) === (right.path === undefined)) return undefined;
  const path = left.path ?? right.path;
  return path && path.length > 0 && (left.path ? right : left).isOwn ? path : undefined;
}

/** An array that a pointer leads to: `x->entries[i]`. */
function elementIn(
  unit: FunctionUnit,
  expression: Expression,
  structure: Structure,
): Pick<UnconditionalUse, 'path' | 'kind'> | undefined {
  const path = expression.kind === 'index' ? pathFrom(unit, expression.object, structure) : undefined;
  return path && path.length > 0 ? { path, kind: 'pointer' } : undefined;
}

/** The structure is there: an importer without one has nothing that could be initialised too late. */
function isIdleIn(unit: FunctionUnit, structure: Structure): (test: Expression) => boolean {
  return (test) => {
    const asked = test.kind === 'unary' && test.operator === '!' ? test.operand : null;
    return asked !== null && pathFrom(unit, asked, structure)?.length === 0;
  };
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
  for (const expression of runAlways(body, isIdleIn(unit, structure)).expressions) {
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
  const used = expression.kind === 'call' ? (queueOf(expression) ?? registersOf(expression)) : undefined;
  if (used) {
    const path = pathFrom(unit, used, structure);
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

/** The registers of which a call reads or writes one: `x->regs` of `writel(0, x->regs + OFFSET)`. */
function registersOf({ callee, arguments: given }: CallExpression): Expression | undefined {
  const index = callee.kind === 'name' ? registerArgument(callee.name) : undefined;
  const address = index === undefined ? undefined : given[index];
  return address?.kind === 'binary' && address.operator === '+' ? address.left : address;
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
