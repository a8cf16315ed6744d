// May a module get mapped tables from elsewhere than the calls that map them?

import {
  type CallExpression,
  type Expression,
  type FunctionUnit,
  stripCasts,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import {
  attachmentTag,
  errorConversions,
  functionsWithRole,
  isBorrower,
  resourceLives,
  roleOf,
} from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionsIn } from '../../program/index.js';
import type { Mapping } from '../model/lifetimes.js';
import { type OwnerSearch, searchOwners, tagOf } from '../owners/members.js';

const [tableTag = ''] = resourceLives.mapping.structs;
const isTable = new RegExp(`\\b${tableTag}\\b`);

/**
 * Returns whether a module may map more than the calls given: a macro or a table names a function that maps, or a function
 * without a body here gets an attachment or yields a table.
 * @param files those of the module
 */
export function hasUnseenMaps(codebase: Codebase, files: readonly string[], seen: readonly Mapping[]): boolean {
  const names = functionsWithRole('map');
  const isNamed = new RegExp(`\\b(?:${names.join('|')})\\b`);
  if (files.some((path) => codebase.program.macrosIn(path).some(({ body }) => isNamed.test(body)))) return true;
  const places = new Set(seen.map(({ use }) => `${use.ref.path}:${use.call.at}`));
  const isCounted = names.every((name) =>
    codebase.references
      .of(name, files)
      .every(({ path, at, inside, isCall }) => isCall && (!inside || places.has(`${path}:${at}`))),
  );
  if (!isCounted) return true;
  const search = searchOwners(codebase);
  return files.some((path) => functionsIn(codebase.program, path).some((ref) => mayGetTable(search, ref)));
}

/** Whether a function may get a mapped table from one that is not seen. */
function mayGetTable(search: OwnerSearch, ref: FunctionRef): boolean {
  const unit = search.codebase.program.lower(ref);
  const isUnseen = (value: Expression): value is CallExpression =>
    value.kind === 'call' && isUnseenCall(search.codebase, ref, value);
  let may = unit.unparsed.length > 0 || returnsTable(unit, ref, isUnseen);
  visitExpressions(unit.body, (expression) => {
    if (may) return;
    if (isUnseen(expression)) may = expression.arguments.some((given) => mayMap(search, ref, given));
    if (expression.kind === 'assignment' && isUnseen(stripCasts(expression.value)))
      may = tagOf(search, ref, expression.target) === tableTag;
  });
  return may;
}

/** Whether a function declares a table with what an unseen call yields, or returns that as a table. */
function returnsTable(
  { body }: FunctionUnit,
  { outline }: FunctionRef,
  isUnseen: (value: Expression) => boolean,
): boolean {
  let returns = false;
  visitStatements(body, (statement) => {
    if (statement.kind !== 'declaration' && statement.kind !== 'return') return;
    const type = statement.kind === 'declaration' ? statement.type : outline.returnType;
    if (statement.value && isTable.test(type) && isUnseen(stripCasts(statement.value))) returns = true;
  });
  return returns;
}

/** Whether the body of what a call runs is not seen, and the kernel's tables do not say what it does. */
function isUnseenCall({ definitions }: Codebase, { path }: FunctionRef, { callee }: CallExpression): boolean {
  if (callee.kind !== 'name') return true;
  const { name } = callee;
  if (roleOf(name) !== undefined || isBorrower(name) || errorConversions.has(name)) return false;
  return definitions.findInModule(name, path) === undefined;
}

/** Whether a function can map with an argument: it is an attachment, the place of a table, or a structure that keeps one. */
function mayMap(search: OwnerSearch, ref: FunctionRef, given: Expression): boolean {
  const tag = tagOf(search, ref, given);
  if (tag === undefined) return false;
  if (tag === attachmentTag) return true;
  if (tag === tableTag) return given.kind === 'unary' && given.operator === '&';
  const fields = search.codebase.definitions.struct(tag, ref.path)?.fields;
  return [...(fields?.values() ?? [])].some((type) => isTable.test(type));
}
