import { type Expression, type FunctionUnit, type Statement, subexpressions, visitStatements } from '../../c/index.js';
import { type Codebase, type FunctionRef, originsOf } from '../../program/index.js';
import { isHarmless } from '../calls/harmless.js';

/** Something that a function uses of a structure whatever else holds: no test stands before it. */
export interface Need {
  /** The members that lead from the structure to it; empty for the structure itself. */
  readonly path: readonly string[];
  /** `object`: its address is handed on, as that of a lock or a work item is. `pointer`: it is followed. */
  readonly kind: 'object' | 'pointer';
  readonly ref: FunctionRef;
  readonly at: number;
}

/** The structure that is looked at: what a parameter, or a member of it, points to. */
interface Root {
  readonly index: number;
  readonly prefix: readonly string[];
}

/** Helpers are followed this far. */
const deepestHelper = 2;

/** What a callback uses of its importer's structure before anything can make it leave. */
export function callbackNeeds(codebase: Codebase, callback: FunctionRef): readonly Need[] {
  return needsOf(codebase, callback, { index: 0, prefix: ['importer_priv'] }, deepestHelper);
}

function needsOf(codebase: Codebase, ref: FunctionRef, root: Root, depth: number): readonly Need[] {
  const unit = codebase.program.lower(ref);
  const found: Need[] = [];
  for (const expression of certainExpressions(unit.body).expressions) {
    const need = needIn(unit, expression, root);
    if (need) found.push({ ...need, ref, at: expression.at });
    if (expression.kind === 'call' && depth > 0) found.push(...needsBelow(codebase, ref, expression, root, depth));
  }
  return found;
}

/** What a helper that is handed the structure needs of it. */
function needsBelow(
  codebase: Codebase,
  ref: FunctionRef,
  call: Extract<Expression, { kind: 'call' }>,
  root: Root,
  depth: number,
): readonly Need[] {
  const unit = codebase.program.lower(ref);
  const index = call.arguments.findIndex((argument) => pathFrom(unit, argument, root)?.length === 0);
  if (index < 0 || call.callee.kind !== 'name') return [];
  const target = codebase.definitions.findNear(call.callee.name, ref.path);
  return target ? needsOf(codebase, target, { index, prefix: [] }, depth - 1) : [];
}

function needIn(unit: FunctionUnit, expression: Expression, root: Root): Pick<Need, 'path' | 'kind'> | undefined {
  if (expression.kind === 'unary' && expression.operator === '&' && expression.operand.kind === 'member') {
    const path = pathFrom(unit, expression.operand, root);
    return path && path.length > 0 ? { path, kind: 'object' } : undefined;
  }
  if (expression.kind !== 'member' || !expression.arrow) return undefined;
  const path = pathFrom(unit, expression.object, root);
  return path && { path, kind: 'pointer' };
}

/** The members that lead from the structure to a value; undefined where it may be something else. */
function pathFrom(unit: FunctionUnit, value: Expression, { index, prefix }: Root): readonly string[] | undefined {
  const [origin, ...others] = originsOf(unit, value);
  if (!origin || others.length > 0 || origin.kind !== 'parameter' || origin.index !== index) return undefined;
  return prefix.every((member, position) => member === origin.path[position])
    ? origin.path.slice(prefix.length)
    : undefined;
}

interface Certain {
  readonly expressions: readonly Expression[];
  /** Whether what follows may not be reached. */
  readonly mayLeave: boolean;
}

/** The expressions of a body that are evaluated each time it runs, up to the first place where it may leave. */
function certainExpressions(body: readonly Statement[]): Certain {
  const expressions: Expression[] = [];
  for (const statement of body) {
    const inner = certainIn(statement);
    expressions.push(...inner.expressions);
    if (inner.mayLeave) return { expressions, mayLeave: true };
  }
  return { expressions, mayLeave: false };
}

function certainIn(statement: Statement): Certain {
  switch (statement.kind) {
    case 'expression':
      return { expressions: certainParts(statement.expression), mayLeave: false };
    case 'declaration':
      return { expressions: statement.value ? certainParts(statement.value) : [], mayLeave: false };
    case 'block':
      return certainExpressions(statement.body);
    case 'if':
      return { expressions: certainParts(statement.test), mayLeave: leaves([statement]) };
    case 'macro-block': {
      const given = statement.arguments.flatMap(certainParts);
      const inner = /guard/.test(statement.macro) ? certainExpressions(statement.body).expressions : [];
      return { expressions: [...given, ...inner], mayLeave: leaves(statement.body) };
    }
    default:
      return { expressions: [], mayLeave: leaves([statement]) };
  }
}

/** An expression with those inside it that are evaluated each time, and are no assertion's. */
function certainParts(expression: Expression): readonly Expression[] {
  if (expression.kind === 'call' && expression.callee.kind === 'name' && isHarmless(expression.callee.name)) return [];
  if (expression.kind === 'binary' && /^(?:&&|\|\|)$/.test(expression.operator)) return certainParts(expression.left);
  if (expression.kind === 'conditional') return certainParts(expression.test);
  return [expression, ...subexpressions(expression).flatMap(certainParts)];
}

function leaves(body: readonly Statement[]): boolean {
  let found = false;
  visitStatements(body, ({ kind }) => {
    if (kind === 'return' || kind === 'goto' || kind === 'label' || kind === 'unparsed') found = true;
  });
  return found;
}
