// What does a function do with a resource that it finds in a member: release it, hand it on, or only look?

import { type CallExpression, callsIn, type Expression, visitExpressions } from '../../c/index.js';
import {
  apiFunctions,
  apiRow,
  errorConversions,
  exchangeMacro,
  fileFunctions,
  isBorrower,
  isHarmless,
  predicates,
  type ResourceKind,
  releasesHoldings,
  undoesSomething,
} from '../../kernel/index.js';
import { assignmentsOf, type FunctionRef, functionKey } from '../../program/index.js';
import { returnedValues } from '../calls/returned-values.js';
import { type IsValue, type OwnerSearch, withAliases } from './members.js';

/** One thing that happens to a resource in a function. */
export interface Fate {
  /** `released`: a function of the API releases it. `handed-on`: somebody else may release it from here on. */
  readonly kind: 'released' | 'handed-on';
  readonly ref: FunctionRef;
  /** The call in the function that was asked about; null where it is no call. */
  readonly call: CallExpression | null;
  readonly at: number;
}

/** How many calls deep an argument is followed. */
const deepestArgument = 3;

/** The question: which resource, in which function, and which expressions there are its handle. */
interface FateQuery {
  readonly search: OwnerSearch;
  readonly kind: ResourceKind;
  readonly ref: FunctionRef;
  readonly isValue: IsValue;
  readonly depth: number;
  /** Whether the function itself takes what it stores in the member. */
  readonly isFilled?: boolean | undefined;
  /** The functions on the way, by key, against recursion. */
  readonly open: ReadonlySet<string>;
}

/**
 * Returns what a function, with the callees that get it as an argument, does with a resource.
 * @param isSeed the expressions that are its handle; local variables that get it are followed
 * @param known variables that hold it from the start
 * @param isFilled whether the function takes it itself: what it returns may be that
 */
export function fatesIn(
  search: OwnerSearch,
  kind: ResourceKind,
  ref: FunctionRef,
  isSeed: IsValue,
  known: readonly string[] = [],
  isFilled = false,
): readonly Fate[] {
  const isValue = withAliases(search.codebase.program.lower(ref), isSeed, known);
  return fatesOf({ search, kind, ref, isValue, isFilled, depth: deepestArgument, open: new Set([functionKey(ref)]) });
}

function fatesOf(query: FateQuery): readonly Fate[] {
  const { ref, isValue, search, kind } = query;
  const unit = search.codebase.program.lower(ref);
  const { locals } = assignmentsOf(unit);
  const found: Fate[] = [];
  // The address of a map that a call gets is judged with the call.
  const addresses = new Set(
    kind === 'kernel-mapping' ? callsIn(unit.body).flatMap(({ call }) => call.arguments.map(({ at }) => at)) : [],
  );
  const handOn = (at: number): void => void found.push({ kind: 'handed-on', ref, call: null, at });
  if (returnedValues(unit).some(isValue) && !takesAnother(query)) found.push(...fatesInCallers(query));
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'call') found.push(...fatesAtCall(query, expression));
    else if (
      expression.kind === 'assignment' &&
      isValue(expression.value) &&
      !staysHere(expression.target, locals, isValue)
    )
      handOn(expression.at);
    else if (expression.kind === 'unary' && expression.operator === '&' && isValue(expression.operand)) {
      if (!addresses.has(expression.at)) handOn(expression.at);
    } else if (expression.kind === 'initialiser')
      for (const { value } of expression.entries) if (isValue(value)) handOn(value.at);
  });
  return found;
}

/** Whether a function takes a reference for those who get the buffer: `get_dma_buf(x->dmabuf); return x->dmabuf;`. */
function takesAnother({ kind, ref, search, isValue, isFilled }: FateQuery): boolean {
  if (kind !== 'reference' || isFilled) return false;
  return callsIn(search.codebase.program.lower(ref).body).some(({ name, call }) =>
    apiFunctions.get(name ?? '')?.effects.some((effect) => {
      const handle = effect.kind === 'acquire' ? effect.handle : undefined;
      const given = typeof handle === 'number' ? call.arguments[handle] : undefined;
      return given !== undefined && isValue(given);
    }),
  );
}

/** A local variable is followed, and storing into the member itself is no hand-over. */
function staysHere(target: Expression, locals: ReadonlySet<string>, isValue: IsValue): boolean {
  return target.kind === 'name' ? locals.has(target.name) : isValue(target);
}

function fatesAtCall(query: FateQuery, call: CallExpression): readonly Fate[] {
  const { kind, ref, isValue } = query;
  const name = call.callee.kind === 'name' ? call.callee.name : null;
  const fate = (what: Fate['kind']): Fate => ({ kind: what, ref, call, at: call.at });
  if (name !== null && releasesFile(kind, name, call, isValue)) return [fate('released')];
  const isGiven = (argument: Expression): boolean =>
    isValue(argument) ||
    (kind === 'kernel-mapping' && argument.kind === 'unary' && argument.operator === '&' && isValue(argument.operand));
  const given = call.arguments.flatMap((argument, index) => (isGiven(argument) ? [index] : []));
  return given.flatMap((index) => {
    if (name === null) return [fate('handed-on')];
    if (apiRow(name)) return releasesArgument(kind, name, index) ? [fate('released')] : [];
    const isLook = name !== exchangeMacro && isHarmless(name);
    if (isLook || isBorrower(name) || predicates.has(name) || errorConversions.has(name)) return [];
    const below = fatesInCallee(query, name, index);
    if (below === null) return isOnlyLent(query, name) ? [] : [fate('handed-on')];
    return below.map((inner) => ({ ...inner, ref, call, at: call.at }));
  });
}

/**
 * Whether a function that the driver declares, and that is not in the tree, only uses the table of a mapping: to unmap
 * it, the function would need the attachment, too.
 */
function isOnlyLent({ kind, ref, search }: FateQuery, name: string): boolean {
  if (kind !== 'mapping' || releasesHoldings(name) || undoesSomething(name)) return false;
  const { program, definitions } = search.codebase;
  const files = [ref.path, ...definitions.headers(ref.path)].filter((path) => !path.startsWith('include/'));
  return !definitions.find(name, ref.path) && files.some((path) => program.namesIn(path).get(name) === false);
}

function releasesArgument(kind: ResourceKind, name: string, index: number): boolean {
  return (
    apiFunctions.get(name)?.effects.some(
      (effect) =>
        (effect.kind === 'release' && effect.resource === kind && effect.handle === index) ||
        // The descriptor owns the reference from then on.
        (effect.kind === 'make-fd' && kind === 'reference'),
    ) ?? false
  );
}

/** `fput(dmabuf->file)` puts the reference. */
function releasesFile(kind: ResourceKind, name: string, call: CallExpression, isValue: IsValue): boolean {
  const [file] = call.arguments;
  return kind === 'reference' && fileFunctions.get(name) === 'put' && file?.kind === 'member' && isValue(file.object);
}

/** What the callers of a function do with what it returns. */
function fatesInCallers({ search, kind, ref, depth, open }: FateQuery): readonly Fate[] {
  const { references } = search.codebase;
  const isClosed = references.isScopeKnown(ref) && references.slotsOf(ref).length === 0;
  if (depth === 0 || !isClosed) return [{ kind: 'handed-on', ref, call: null, at: ref.outline.nameAt }];
  return references.callersOf(ref).flatMap(({ caller, call }) => {
    if (open.has(functionKey(caller))) return [];
    const isResult = (value: Expression): boolean => value.kind === 'call' && value.at === call.at;
    return fatesOf({
      search,
      kind,
      ref: caller,
      isValue: withAliases(search.codebase.program.lower(caller), isResult),
      depth: depth - 1,
      open: new Set([...open, functionKey(caller)]),
    });
  });
}

/** What a callee does with one of its parameters; null where it cannot be seen. */
function fatesInCallee(
  { search, kind, ref, depth, open }: FateQuery,
  name: string,
  index: number,
): readonly Fate[] | null {
  const target = depth > 0 ? search.codebase.definitions.findInModule(name, ref.path) : undefined;
  const parameter = target?.outline.parameters[index]?.name;
  if (!target || !parameter) return null;
  if (open.has(functionKey(target))) return [];
  const unit = search.codebase.program.lower(target);
  if (unit.unparsed.length > 0) return null;
  return fatesOf({
    search,
    kind,
    ref: target,
    isValue: withAliases(unit, () => false, [parameter]),
    depth: depth - 1,
    open: new Set([...open, functionKey(target)]),
  });
}
