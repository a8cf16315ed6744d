// Which descriptors does a function leave in a member that no code reads?

import { type Expression, visitExpressions } from '../../../c/index.js';
import type { FlowExit, FunctionFlow, Resource } from '../../../flow/index.js';
import { holdsKernelObjects } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, filesSaying, functionKey } from '../../../program/index.js';
import type { Leak } from '../../model/lifetimes.js';
import { filesSeeing } from '../../owners/forgotten.js';
import {
  type HeldMember,
  hasUnion,
  heldMember,
  isMember,
  type OwnerSearch,
  rootOf,
  tagOf,
} from '../../owners/members.js';
import { stepAt } from '../../places.js';
import { functionsMatching } from '../../tables/functions-matching.js';

/**
 * Finds the descriptors whose number a successful function stores only in a member of the driver's own structure, if
 * the only code that reads the member tests it for an error. All callers must have looked up the object themselves:
 * code that passes it in from outside may read the member there.
 */
export function findUnreadNumbers(search: OwnerSearch, flows: readonly FunctionFlow[]): readonly Leak[] {
  return flows.flatMap((flow) => {
    const made = flow.exits.flatMap((exit) => {
      const left = exit.state.resources.find((resource) => isLeftInMember(flow, exit, resource));
      return left ? [{ exit, left }] : [];
    });
    return made.slice(0, 1).flatMap(({ exit, left }) => {
      const target = targetAt(search, flow.ref, left.end?.at);
      const held = target && heldMember(search, flow.ref, target);
      const isFound = target !== undefined && isOfCallersOwn(search.codebase, flow.ref, target);
      const isLost =
        held !== undefined && isFound && isOwnStruct(search, flow.ref, held) && !isRead(search, flow.ref, held);
      return isLost ? [leakOf(search.codebase, flow, exit, left, held)] : [];
    });
  });
}

/** Whether a successful path has a number in one place only: a member of an object that others know. */
function isLeftInMember({ ref }: FunctionFlow, { outcome, state, value }: FlowExit, resource: Resource): boolean {
  const { kind, status, end, path, function: maker, handle, isElement, wasPassedOn } = resource;
  if (kind !== 'fd' || status !== 'given' || end?.kind !== 'stored' || isElement || wasPassedOn) return false;
  if (path !== ref.path || maker !== ref.outline.name || end.path !== path) return false;
  if (outcome === 'error' || value === handle) return false;
  const places = [...state.heap].filter(([, held]) => held === handle);
  const variables = [...state.variables].filter(([key, held]) => held === handle && key.startsWith('global:'));
  return places.length === 1 && variables.length === 0;
}

/** The member that a function stores into at a place. */
function targetAt({ codebase }: OwnerSearch, ref: FunctionRef, at: number | undefined): Expression | undefined {
  let found: Expression | undefined;
  visitExpressions(codebase.program.lower(ref).body, (expression) => {
    if (expression.kind === 'assignment' && expression.target.kind === 'member' && expression.target.at === at)
      found = expression.target;
  });
  return found;
}

/** Whether a function gets the object from its callers, and none of them got it from its own caller. */
function isOfCallersOwn({ references }: Codebase, ref: FunctionRef, target: Expression): boolean {
  const root = rootOf(target);
  const index = ref.outline.parameters.findIndex(({ name }) => name === root);
  const callers = references.callersOf(ref);
  if (index < 0 || callers.length === 0 || references.slotsOf(ref).length > 0) return false;
  return callers.every(({ caller, call }) => {
    const argument = call.arguments[index];
    const name = argument && rootOf(argument);
    return name != null && !caller.outline.parameters.some((parameter) => parameter.name === name);
  });
}

/** Whether a structure is the driver's own and is never copied to user space as a whole: it holds pointers or locks. */
function isOwnStruct({ codebase }: OwnerSearch, ref: FunctionRef, { tag }: HeldMember): boolean {
  const struct = codebase.definitions.struct(tag, ref.path);
  if (!struct || struct.path.startsWith('include/') || hasUnion(codebase, struct.path, tag)) return false;
  return [...struct.fields].some(
    ([name, type]) => holdsKernelObjects(type) || (struct.pointers.has(name) && /^struct\b/.test(type)),
  );
}

/** Whether some code that can name the member reads it or copies its structure. */
function isRead(search: OwnerSearch, maker: FunctionRef, held: HeldMember): boolean {
  const { codebase } = search;
  const struct = codebase.definitions.struct(held.tag, maker.path);
  const files = struct ? filesSaying(codebase, filesSeeing(codebase, struct.path, maker.path), held.member) : [];
  const mention = new RegExp(`(?:->|\\.)\\s*${held.member}\\b`, 'g');
  return files.some(
    (path) =>
      (codebase.program.file(path)?.unit.macros.some(({ body }) => body.search(mention) >= 0) ?? true) ||
      functionsMatching(codebase, path, mention).some((ref) => isReadIn(search, ref, held, maker)) ||
      functionsMatching(codebase, path, new RegExp(`\\b${held.tag}\\b`, 'g')).some((ref) => copies(search, ref, held)),
  );
}

function isReadIn(search: OwnerSearch, ref: FunctionRef, held: HeldMember, maker: FunctionRef): boolean {
  const unit = search.codebase.program.lower(ref);
  const isMaker = functionKey(ref) === functionKey(maker);
  const looked = new Set<Expression>();
  let found = unit.unparsed.length > 0;
  visitExpressions(unit.body, (expression, statement) => {
    for (const one of onlyLookedAt(expression)) looked.add(one);
    // A `return` in the maker is not counted: a maker that succeeds does not return the number, so it is an error code.
    if (isMaker && statement.kind === 'return' && statement.value === expression) looked.add(expression);
    if (!looked.has(expression) && isMember(search, ref, expression, held)) found = true;
  });
  return found;
}

/** What an expression writes, or compares with a literal number: a test of the sign only asks for an error. */
function onlyLookedAt(expression: Expression): readonly Expression[] {
  if (expression.kind === 'assignment' && expression.operator === '=') return [expression.target];
  if (expression.kind !== 'binary' || !/^(?:[<>]=?|[=!]=)$/.test(expression.operator)) return [];
  const { left, right } = expression;
  return [...(isNumber(right) ? [left] : []), ...(isNumber(left) ? [right] : [])];
}

function isNumber(expression: Expression): boolean {
  return expression.kind === 'literal' || (expression.kind === 'unary' && isNumber(expression.operand));
}

/**
 * Whether a function assigns a whole structure of this type: code that gets the copy reads the member under another
 * name.
 */
function copies(search: OwnerSearch, ref: FunctionRef, { tag }: HeldMember): boolean {
  let found = false;
  visitExpressions(search.codebase.program.lower(ref).body, (expression) => {
    if (expression.kind !== 'assignment') return;
    const { value } = expression;
    if (value.kind === 'unary' && value.operator === '*' && tagOf(search, ref, value.operand) === tag) found = true;
  });
  return found;
}

function leakOf(
  codebase: Codebase,
  { ref }: FunctionFlow,
  { outcome }: FlowExit,
  { path, at, api, function: maker, end }: Resource,
  { member }: HeldMember,
): Leak {
  return {
    kind: 'fd',
    outcome,
    leaver: ref.outline.name,
    refused: null,
    wasTold: false,
    closedBy: null,
    failedAfter: null,
    path,
    at,
    function: maker,
    api,
    certainty: 'medium',
    trace: [stepAt(codebase, path, end?.at ?? at, `the number stays in '${member}', which nobody reads`)],
  };
}
