// What does an importer initialise only after its callback may run?

import {
  type CallExpression,
  callsIn,
  type Expression,
  type FunctionUnit,
  lvalueText,
  type Statement,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { attachesWithOps, importerPrivateMember, isInitialiser, isNullPointer } from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, originsOf } from '../../program/index.js';
import { attachArgument } from '../attachments/attach-argument.js';
import type { AttachSite } from '../model/attachment.js';
import type { Importer, LateInitialisation, UnconditionalUse } from '../model/importer.js';
import { unconditionalUses } from './callback-uses.js';

/** Finds what importers initialise too late: the exporter may call their callback from the attach on. */
export function findLateInitialisations(
  codebase: Codebase,
  importers: readonly Importer[],
): readonly LateInitialisation[] {
  return importers.flatMap((importer) => {
    const callback = importer.callback ? codebase.definitions.find(importer.callback, importer.table.path) : undefined;
    const uses = callback ? unconditionalUses(codebase, callback) : [];
    const sites = new Set(importer.attachPaths.map(({ site }) => site));
    return [...sites].flatMap((site) =>
      uses.flatMap((use): LateInitialisation[] => {
        const at = lateInitialisation(codebase, site, use);
        return at === undefined ? [] : [{ importer, site, step: 'attach', use, at }];
      }),
    );
  });
}

/** Offset of the initialisation in the attaching function; undefined unless every initialisation comes after the attach. */
function lateInitialisation(codebase: Codebase, site: AttachSite, use: UnconditionalUse): number | undefined {
  const unit = codebase.program.lower(site.ref);
  const given = attachArgument(site, 'private');
  if (!given) return undefined;
  if (use.path.length === 0) return isNullPointer(given) ? laterPrivate(unit, site.call) : undefined;
  const base = baseText(given);
  if (base === null || isSetTwice(unit, base)) return undefined;
  const isOwned = !unit.parameters.some(({ name }) => name === base.replace(/\..*/, ''));
  const initialisations = initialisationsOf(codebase, site.ref, base, use, 1).filter(
    ({ isAttachment }) => use.kind === 'object' || isOwned || isAttachment,
  );
  if (use.kind === 'argument' && !initialisations.every(({ value }) => value && isMade(unit, value))) return undefined;
  const isAfter = (one: Initialisation): boolean => one.at > site.call.end || isThisCall(site.call, one.value);
  const late = initialisations.filter(isAfter);
  if (late.length < initialisations.length) return undefined;
  return late.find(({ at }) => !areExclusive(unit, at, site.call.at))?.at;
}

/** Whether a call returned the value: then it is an object that was made. */
function isMade(unit: FunctionUnit, value: Expression): boolean {
  const origins = originsOf(unit, value);
  return origins.length > 0 && origins.every(({ kind }) => kind === 'call');
}

/** The offset of `attach->importer_priv = …` after an attach that got NULL. */
function laterPrivate(unit: FunctionUnit, call: CallExpression): number | undefined {
  let at: number | undefined;
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || expression.target.kind !== 'member') return;
    const { member, object } = expression.target;
    if (member !== importerPrivateMember || expression.at < call.end || isNullPointer(expression.value)) return;
    if (comesFrom(unit, object, call)) at ??= expression.at;
  });
  return at;
}

/** A statement or call that initialises a member. */
interface Initialisation {
  readonly at: number;
  /** Null where a function initialises it. */
  readonly value: Expression | null;
  /** Whether the value is the attachment itself, which does not exist before the attach. */
  readonly isAttachment: boolean;
}

/** Where a function, or a helper that gets the structure from it, initialises the member that a callback uses. */
function initialisationsOf(
  codebase: Codebase,
  ref: FunctionRef,
  base: string,
  use: UnconditionalUse,
  depth: number,
): readonly Initialisation[] {
  const unit = codebase.program.lower(ref);
  const wanted = [base, ...use.path].join('.');
  const found: Initialisation[] = [];
  for (const { call, name } of callsIn(unit.body)) {
    const first = call.arguments[0];
    if (name && isInitialiser(name)) {
      if (first?.kind === 'unary' && first.operator === '&' && lvalueText(first.operand) === wanted)
        found.push({ at: call.at, value: null, isAttachment: false });
      continue;
    }
    const index = call.arguments.findIndex((argument) => baseText(argument) === base);
    const target = depth > 0 && index >= 0 && name ? codebase.definitions.findNear(name, ref.path) : undefined;
    const parameter = target?.outline.parameters[index]?.name;
    if (target && parameter && initialisationsOf(codebase, target, parameter, use, depth - 1).length > 0)
      found.push({ at: call.at, value: null, isAttachment: false });
  }
  return use.kind === 'object' ? found : [...found, ...assignmentsTo(unit, wanted)];
}

function assignmentsTo(unit: FunctionUnit, wanted: string): readonly Initialisation[] {
  const found: Initialisation[] = [];
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || lvalueText(expression.target) !== wanted || isNullPointer(expression.value))
      return;
    const { at, value } = expression;
    const isAttachment = originsOf(unit, value).some(
      (origin) => origin.kind === 'call' && attachesWithOps(baseText(origin.call.callee) ?? ''),
    );
    found.push({ at, value, isAttachment });
  });
  return found;
}

function comesFrom(unit: FunctionUnit, value: Expression, call: CallExpression): boolean {
  return originsOf(unit, value).some((origin) => origin.kind === 'call' && origin.call.at === call.at);
}

function isThisCall(call: CallExpression, value: Expression | null): boolean {
  return value?.kind === 'call' && value.at === call.at;
}

/** The lvalue of a structure that code passes as a pointer or by its address. */
function baseText(value: Expression): string | null {
  return value.kind === 'unary' && value.operator === '&' ? lvalueText(value.operand) : lvalueText(value);
}

/** A variable that gets two values may mean another structure later. */
function isSetTwice(unit: FunctionUnit, base: string): boolean {
  const root = base.replace(/\..*/, '');
  const isParameter = unit.parameters.some(({ name }) => name === root);
  return (assignmentsOf(unit).values.get(root)?.length ?? 0) > (isParameter ? 0 : 1);
}

/** Whether two offsets lie in different branches of one `if`. */
function areExclusive(unit: FunctionUnit, one: number, other: number): boolean {
  let exclusive = false;
  visitStatements(unit.body, (statement) => {
    if (statement.kind !== 'if') return;
    const inThen = [one, other].map((at) => contains(statement.then, at));
    const inOtherwise = [one, other].map((at) => contains(statement.otherwise, at));
    if ((inThen[0] && inOtherwise[1]) || (inThen[1] && inOtherwise[0])) exclusive = true;
  });
  return exclusive;
}

function contains(body: readonly Statement[], at: number): boolean {
  let found = false;
  visitExpressions(body, (expression) => {
    if (expression.at === at) found = true;
  });
  return found;
}
