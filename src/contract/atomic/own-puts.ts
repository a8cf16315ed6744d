// Which calls of a helper of the driver run a function where they drop the last user of an object?

import {
  callsIn,
  type Expression,
  expressionText,
  type FunctionUnit,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { raisesCount, tellsZero } from '../../kernel/index.js';
import { type CallSite, type Codebase, type FunctionRef, functionKey, functionsIn } from '../../program/index.js';

/** Where objects of a kind have the number of their users, and the function for the last one. */
interface Counted {
  /** The type of the structure, as C writes it: `struct foo`. */
  readonly type: string;
  /** What leads from there to what is counted: `->obj`; nothing where it is the structure itself. */
  readonly place: string;
  /** The member with the function. */
  readonly member: string;
}

/**
 * The calls of a driver's own kref_put(), `foo_unref(&x->obj)`, for objects in which `foo_init(&x->obj, x_free)` has stored a
 * function. A caller that also gets a reference has another one.
 */
export function ownPutsOf(codebase: Codebase, ref: FunctionRef): readonly CallSite[] {
  const files = codebase.program.translationUnit(ref.path);
  const kinds = files.length === 0 ? [] : countedBy(codebase, ref, files);
  if (kinds.length === 0) return [];
  return files
    .flatMap((path) => functionsIn(codebase.program, path))
    .flatMap((caller) => {
      const unit = codebase.program.lower(caller);
      const calls = callsIn(unit.body);
      const puts = calls.filter(({ name, call }) => {
        const helper = name === null ? undefined : codebase.definitions.findNear(name, caller.path);
        const [object] = call.arguments;
        if (!helper || !object) return false;
        return kinds.some((kind) => isOfKind(unit, object, kind) && runsAtZero(codebase, helper, kind.member));
      });
      const getsOne = (): boolean => calls.some(({ name }) => name !== null && raises(codebase, caller, name));
      return puts.length === 0 || getsOne() ? [] : puts.map(({ call }) => ({ caller, call }));
    });
}

/** The kinds of objects in which a helper stores a function. */
function countedBy(codebase: Codebase, ref: FunctionRef, files: readonly string[]): readonly Counted[] {
  const { name } = ref.outline;
  const around = codebase.references
    .of(name, files)
    .flatMap(({ inside, isCall }) => (inside && !isCall ? [inside] : []));
  const functions = new Map(around.map((inside) => [functionKey(inside), inside]));
  return [...functions.values()].flatMap((inside) => {
    const unit = codebase.program.lower(inside);
    return callsIn(unit.body).flatMap(({ name: helper, call }): readonly Counted[] => {
      const index = call.arguments.findIndex((argument) => argument.kind === 'name' && argument.name === name);
      const target = helper !== null && index > 0 ? codebase.definitions.findNear(helper, inside.path) : undefined;
      const member = target && memberStoring(codebase.program.lower(target), index);
      const place = call.arguments[0] && placeOf(unit, call.arguments[0]);
      return member === undefined || !place ? [] : [{ ...place, member }];
    });
  });
}

/** The member of its first parameter in which a function stores another parameter. */
function memberStoring({ body, parameters }: FunctionUnit, index: number): string | undefined {
  let found: string | undefined;
  visitExpressions(body, (expression) => {
    if (expression.kind !== 'assignment' || expression.value.kind !== 'name') return;
    const { target, value } = expression;
    if (value.name !== parameters[index]?.name || target.kind !== 'member' || target.object.kind !== 'name') return;
    if (target.object.name === parameters[0]?.name) found = target.member;
  });
  return found;
}

/** Whether a helper calls the function in a member of its first parameter, after it asked whether a count is 0 then. */
function runsAtZero(codebase: Codebase, helper: FunctionRef, member: string): boolean {
  const { body, parameters } = codebase.program.lower(helper);
  const calls = callsIn(body);
  return calls.some(({ call: { callee, at } }) => {
    if (callee.kind !== 'member' || callee.member !== member || callee.object.kind !== 'name') return false;
    if (callee.object.name !== parameters[0]?.name) return false;
    return calls.some(({ name, call }) => name !== null && tellsZero(name) && call.at < at);
  });
}

/** Whether a call raises a count, itself or in a helper of the driver. */
function raises(codebase: Codebase, { path }: FunctionRef, name: string): boolean {
  if (raisesCount(name)) return true;
  const target = codebase.definitions.findNear(name, path);
  return (
    target !== undefined &&
    callsIn(codebase.program.lower(target).body).some((one) => one.name !== null && raisesCount(one.name))
  );
}

function isOfKind(unit: FunctionUnit, object: Expression, { type, place }: Counted): boolean {
  const found = placeOf(unit, object);
  return found !== undefined && found.type === type && found.place === place;
}

/** The type of the structure in `&x->obj`, and what follows `x`; undefined for anything else. */
function placeOf(unit: FunctionUnit, expression: Expression): Pick<Counted, 'type' | 'place'> | undefined {
  const object = expression.kind === 'unary' && expression.operator === '&' ? expression.operand : expression;
  let root: Expression = object;
  while (root.kind === 'member') root = root.object;
  if (root.kind !== 'name') return undefined;
  const type = typeOf(unit, root.name);
  return type === undefined ? undefined : { type, place: expressionText(object).slice(root.name.length) };
}

/** The type of the structure that a variable of a function is, or points to. */
function typeOf({ parameters, body }: FunctionUnit, variable: string): string | undefined {
  const types = parameters.filter(({ name }) => name === variable).map(({ type }) => type);
  visitStatements(body, (statement) => {
    if (statement.kind === 'declaration' && statement.name === variable) types.push(statement.type);
  });
  return types.map((type) => /\b(?:struct|union) \w+/.exec(type)?.[0]).find((type) => type !== undefined);
}
