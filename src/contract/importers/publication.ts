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
import { initialisers, privateArgument } from '../../kernel/api.js';
import { assignmentsOf, type Codebase, type FunctionRef, originsOf } from '../../program/index.js';
import type { AttachSite } from '../attachments/attachments.js';
import type { Importer } from '../model.js';
import { callbackNeeds, type Need } from './callback-needs.js';

/** Something that the callback uses and that the attaching function sets up only after the attach. */
export interface LateSetUp {
  readonly importer: Importer;
  readonly site: AttachSite;
  readonly need: Need;
  /** Where it is set up. */
  readonly at: number;
}

/** What importers set up too late: from the attach on, their callback can come. */
export function findLateSetUps(codebase: Codebase, importers: readonly Importer[]): readonly LateSetUp[] {
  return importers.flatMap((importer) => {
    const callback = importer.callback ? codebase.definitions.find(importer.callback, importer.table.path) : undefined;
    const needs = callback ? callbackNeeds(codebase, callback) : [];
    const sites = new Set(importer.reaches.map(({ site }) => site));
    return [...sites].flatMap((site) =>
      needs.flatMap((need): LateSetUp[] => {
        const at = lateSetUp(codebase, site, need);
        return at === undefined ? [] : [{ importer, site, need, at }];
      }),
    );
  });
}

function lateSetUp(codebase: Codebase, site: AttachSite, need: Need): number | undefined {
  const unit = codebase.program.lower(site.ref);
  const given = site.call.arguments[privateArgument];
  if (!given) return undefined;
  if (need.path.length === 0) return isNull(given) ? laterPrivate(unit, site.call) : undefined;
  const base = baseText(given);
  if (base === null || isSetTwice(unit, base)) return undefined;
  const isOwned = !unit.parameters.some(({ name }) => name === base.replace(/\..*/, ''));
  const setUps = setUpsOf(codebase, site.ref, base, need, 1).filter(
    ({ isAttachment }) => need.kind === 'object' || isOwned || isAttachment,
  );
  const isAfter = (setUp: SetUp): boolean => setUp.at > site.call.end || isInside(site.call, setUp.value);
  const late = setUps.filter(isAfter);
  if (late.length < setUps.length) return undefined;
  return late.find(({ at }) => !areExclusive(unit, at, site.call.at))?.at;
}

/** `attach->importer_priv = …`, after an attach that was given NULL. */
function laterPrivate(unit: FunctionUnit, call: CallExpression): number | undefined {
  let at: number | undefined;
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || expression.target.kind !== 'member') return;
    const { member, object } = expression.target;
    if (member !== 'importer_priv' || expression.at < call.end || isNull(expression.value)) return;
    if (comesFrom(unit, object, call)) at ??= expression.at;
  });
  return at;
}

interface SetUp {
  readonly at: number;
  readonly value: Expression | null;
  /** The value is the attachment itself, which cannot have been there before. */
  readonly isAttachment: boolean;
}

/** Where a function, or a helper that it hands the structure to, sets up a member of it. */
function setUpsOf(codebase: Codebase, ref: FunctionRef, base: string, need: Need, depth: number): readonly SetUp[] {
  const unit = codebase.program.lower(ref);
  const wanted = [base, ...need.path].join('.');
  const found: SetUp[] = [];
  for (const { call, name } of callsIn(unit.body)) {
    const first = call.arguments[0];
    if (name && initialisers.test(name)) {
      if (first?.kind === 'unary' && first.operator === '&' && lvalueText(first.operand) === wanted)
        found.push({ at: call.at, value: null, isAttachment: false });
      continue;
    }
    const index = call.arguments.findIndex((argument) => baseText(argument) === base);
    const target = depth > 0 && index >= 0 && name ? codebase.definitions.findNear(name, ref.path) : undefined;
    const parameter = target?.outline.parameters[index]?.name;
    if (target && parameter && setUpsOf(codebase, target, parameter, need, depth - 1).length > 0)
      found.push({ at: call.at, value: null, isAttachment: false });
  }
  if (need.kind === 'object') return found;
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || lvalueText(expression.target) !== wanted || isNull(expression.value))
      return;
    const { at, value } = expression;
    const isAttachment = originsOf(unit, value).some(
      (origin) => origin.kind === 'call' && baseText(origin.call.callee) === 'dma_buf_dynamic_attach',
    );
    found.push({ at, value, isAttachment });
  });
  return found;
}

function comesFrom(unit: FunctionUnit, value: Expression, call: CallExpression): boolean {
  return originsOf(unit, value).some((origin) => origin.kind === 'call' && origin.call.at === call.at);
}

function isInside(call: CallExpression, value: Expression | null): boolean {
  return value?.kind === 'call' && value.at === call.at;
}

/** The text of a structure, handed over as a pointer or by its address. */
function baseText(value: Expression): string | null {
  return value.kind === 'unary' && value.operator === '&' ? lvalueText(value.operand) : lvalueText(value);
}

function isNull(value: Expression): boolean {
  return (
    (value.kind === 'name' && value.name === 'NULL') || (value.kind === 'literal' && /^0[uUlL]*$/.test(value.text))
  );
}

/** A variable that is set twice may mean another structure later. */
function isSetTwice(unit: FunctionUnit, base: string): boolean {
  const root = base.replace(/\..*/, '');
  const isParameter = unit.parameters.some(({ name }) => name === root);
  return (assignmentsOf(unit).values.get(root)?.length ?? 0) > (isParameter ? 0 : 1);
}

/** Whether two offsets lie in different arms of one `if`. */
function areExclusive(unit: FunctionUnit, one: number, other: number): boolean {
  let exclusive = false;
  visitStatements(unit.body, (statement) => {
    if (statement.kind !== 'if') return;
    const inThen = [one, other].map((at) => holds(statement.then, at));
    const inOtherwise = [one, other].map((at) => holds(statement.otherwise, at));
    if ((inThen[0] && inOtherwise[1]) || (inThen[1] && inOtherwise[0])) exclusive = true;
  });
  return exclusive;
}

function holds(body: readonly Statement[], at: number): boolean {
  let found = false;
  visitExpressions(body, (expression) => {
    if (expression.at === at) found = true;
  });
  return found;
}
