// Does what a buffer's `priv` points to live as long as the buffer?

import { callsIn, type Expression, visitExpressions, visitStatements } from '../../c/index.js';
import { isErrorPointer, isHarmless, isManagedAllocator, isNullPointer } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionsIn, originsOf } from '../../program/index.js';
import { returnedValues } from '../calls/returned-values.js';
import type { OutlivedPrivate } from '../model/mappings.js';
import { type OpsTable, opFunction } from '../tables/ops-table.js';
import { livesWithModule } from './module-objects.js';

type ExpressionOf<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/**
 * Returns where an exporter stores something in the `priv` of what it exports, though its `release` does nothing, neither
 * frees it nor drops a reference, or though the object goes with a device. Null where release does what it must, and where
 * the object is static or lives as long as the module.
 */
export function outlivedPrivate(codebase: Codebase, table: OpsTable): OutlivedPrivate | null {
  const release = opFunction(codebase, table, 'release');
  if (!release || table.unreadable) return null;
  const isIdle = doesNothing(codebase, release);
  for (const ref of functionsIn(codebase.program, table.path)) {
    const code = codebase.program.bodyText(ref);
    if (!new RegExp(`&\\s*${table.name.replace(/[[.].*/, '')}\\b`).test(code)) continue;
    const stored = storedPrivate(codebase, ref);
    if (!stored) continue;
    const managed = managedObject(codebase, ref, stored.value);
    if (!managed && livesWithModule(codebase, ref, stored.value)) continue;
    if (managed) return { why: { kind: 'managed', ...managed, isReleaseIdle: isIdle }, release, ref, at: stored.at };
    if (isIdle) return { why: { kind: 'release-does-nothing' }, release, ref, at: stored.at };
  }
  return null;
}

/** Whether a body has neither a call, except for logs, nor an assignment, except for one that clears `priv` itself. */
function doesNothing(codebase: Codebase, ref: FunctionRef): boolean {
  const unit = codebase.program.lower(ref);
  const [buffer] = unit.parameters;
  let does = unit.unparsed.length > 0 || callsIn(unit.body).some(({ name }) => name === null || !isHarmless(name));
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'assignment' && !clearsPrivate(expression, buffer?.name)) does = true;
    if (expression.kind === 'update') does = true;
  });
  visitStatements(unit.body, ({ kind }) => {
    if (kind === 'macro-block' || kind === 'variants') does = true;
  });
  return !does;
}

/** `dmabuf->priv = NULL`, which nobody can see: the buffer is freed next. */
function clearsPrivate({ target, operator, value }: ExpressionOf<'assignment'>, buffer: string | undefined): boolean {
  return (
    operator === '=' &&
    isNullPointer(value) &&
    target.kind === 'member' &&
    target.member === 'priv' &&
    target.object.kind === 'name' &&
    target.object.name === buffer
  );
}

/** The allocation may be this many calls below the function that exports. */
const deepestMaker = 2;

/** The call that made an object for a device, where it can come from nowhere else. */
function managedObject(
  codebase: Codebase,
  ref: FunctionRef,
  value: Expression,
  depth = deepestMaker,
): { readonly by: string; readonly at: number } | null {
  const [origin, ...others] = originsOf(codebase.program.lower(ref), value);
  if (origin?.kind !== 'call' || others.length > 0 || origin.path.length > 0) return null;
  const { callee, at } = origin.call;
  if (callee.kind !== 'name') return null;
  if (isManagedAllocator(callee.name)) return { by: callee.name, at };
  const maker = depth > 0 ? codebase.definitions.findInModule(callee.name, ref.path) : undefined;
  const by = maker && managedResult(codebase, maker, depth - 1);
  return by ? { by, at } : null;
}

/** The function that ties all objects which a helper returns to a device; undefined where one may come from elsewhere. */
function managedResult(codebase: Codebase, maker: FunctionRef, depth: number): string | undefined {
  const unit = codebase.program.lower(maker);
  const isFailure = (value: Expression): boolean => isNullPointer(value) || isErrorPointer(value);
  const objects = returnedValues(unit).filter((value) => !isFailure(value));
  const made = objects.map((value) => managedObject(codebase, maker, value, depth));
  return made.every((one) => one !== null) ? made[0]?.by : undefined;
}

/** `info.priv = object` for an object that is no NULL and no address of a variable. */
function storedPrivate(codebase: Codebase, ref: FunctionRef): ExpressionOf<'assignment'> | undefined {
  let found: ExpressionOf<'assignment'> | undefined;
  visitExpressions(codebase.program.lower(ref).body, (expression) => {
    if (expression.kind !== 'assignment' || expression.target.kind !== 'member') return;
    if (expression.target.member !== 'priv' || expression.target.arrow) return;
    if (isObject(expression.value)) found ??= expression;
  });
  return found;
}

function isObject(value: Expression): boolean {
  if (value.kind === 'unary' && value.operator === '&') {
    const part = value.operand.kind === 'index' ? value.operand.object : value.operand;
    return part.kind === 'member' && part.arrow;
  }
  return value.kind === 'member' || (value.kind === 'name' && value.name !== 'NULL');
}
