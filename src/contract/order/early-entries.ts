// Which objects can be found by number before the function that makes them has imported their buffers?

import { type CallExpression, callsIn, type Expression, visitExpressions, visitStatements } from '../../c/index.js';
import { graphOf, leadsTo, nodeOfCall } from '../../flow/index.js';
import { entryArgumentOf, findsEntry, isPlainLock, isPlainUnlock } from '../../kernel/index.js';
import { type FunctionRef, functionKey, functionsIn } from '../../program/index.js';
import type { Misuse } from '../model/lifetimes.js';
import type { Fill } from '../owners/fills.js';
import { isFresh } from '../owners/frees.js';
import { type HeldMember, heldMember, type OwnerSearch, tagOf } from '../owners/members.js';
import { releasersIn, releasersOnTheWay } from '../owners/releasers.js';
import { stepAt } from '../places.js';

/** A call that puts a new object into a map of numbers. */
interface Entry {
  readonly ref: FunctionRef;
  readonly call: CallExpression;
  readonly api: string;
  readonly map: HeldMember;
  /** The call that fills the member later. */
  readonly taking: CallExpression;
}

/** A call by which a function fills a member, itself or through a helper that gets the object. */
interface Filling {
  readonly ref: FunctionRef;
  readonly taking: CallExpression;
  /** Whether the helper gets a variable; null where the function fills the member itself. */
  readonly gets: ((name: string) => boolean) | null;
}

/**
 * Finds the calls that put a new object into an IDR or an xarray before the same function fills a member of it with a resource,
 * where another function of the file finds objects there by number and uses the member, or releases what is in it, without a
 * test of any member. A function that holds a lock all the way is left out, and one that may be called with a lock held.
 */
export function findEarlyEntries(search: OwnerSearch, fills: readonly Fill[]): readonly Misuse[] {
  return fills.flatMap((fill) =>
    entriesBefore(search, fill).flatMap((entry) => {
      const user = userOf(search, entry, fill, fills);
      return user ? [misuseOf(search, entry, fill, user)] : [];
    }),
  );
}

function entriesBefore(search: OwnerSearch, fill: Fill): readonly Entry[] {
  const { ref, call, held } = fill;
  const above = search.codebase.references.callersOf(ref).flatMap((site): readonly Filling[] => {
    const names = new Set(site.call.arguments.flatMap((one) => (one.kind === 'name' ? [one.name] : [])));
    if (site.caller.path !== ref.path) return [];
    return [{ ref: site.caller, taking: site.call, gets: (name) => names.has(name) }];
  });
  return [{ ref, taking: call, gets: null }, ...above].flatMap((filling) => entriesOf(search, filling, held.tag));
}

function entriesOf(search: OwnerSearch, { ref, taking, gets }: Filling, tag: string): readonly Entry[] {
  const { codebase } = search;
  const unit = codebase.program.lower(ref);
  const graph = graphOf(unit);
  const filled = nodeOfCall(graph, taking);
  return callsIn(unit.body).flatMap(({ name, call }): readonly Entry[] => {
    const index = name === null ? undefined : entryArgumentOf(name);
    const object = index === undefined ? undefined : call.arguments[index];
    if (name === null || object?.kind !== 'name' || tagOf(search, ref, object) !== tag) return [];
    const map = mapOf(search, ref, call);
    const at = nodeOfCall(graph, call);
    const isBefore = at >= 0 && filled >= 0 && leadsTo(graph, at, filled) && !leadsTo(graph, filled, at);
    if (!map || !isBefore || (gets && !gets(object.name))) return [];
    if (!isFresh(codebase, ref, object) || mayBeLocked(search, ref, call, taking)) return [];
    return [{ ref, call, api: name, map, taking }];
  });
}

/** The member that is the map: `&file->objects`. */
function mapOf(search: OwnerSearch, ref: FunctionRef, call: CallExpression): HeldMember | undefined {
  const [map] = call.arguments;
  return map?.kind === 'unary' && map.operator === '&' ? heldMember(search, ref, map.operand) : undefined;
}

/** Whether a lock may be held from one call of a function to another: its own, or that of a caller. */
function mayBeLocked({ codebase }: OwnerSearch, ref: FunctionRef, from: CallExpression, to: CallExpression): boolean {
  const body = codebase.program.bodyText(ref);
  if (/guard\s*\(|assert|_locked\b/.test(body) || /locked/.test(ref.outline.name)) return true;
  const locks = (one: FunctionRef): boolean =>
    callsIn(codebase.program.lower(one).body).some(({ name }) => name !== null && isPlainLock(name));
  if (ref.outline.isStatic && codebase.references.callersOf(ref).some(({ caller }) => locks(caller))) return true;
  const unit = codebase.program.lower(ref);
  const graph = graphOf(unit);
  const [first, last] = [nodeOfCall(graph, from), nodeOfCall(graph, to)];
  const calls = callsIn(unit.body).map(({ name, call }) => ({ name: name ?? '', node: nodeOfCall(graph, call) }));
  const isTaken = calls.some(({ name, node }) => isPlainLock(name) && node >= 0 && leadsTo(graph, node, first));
  const isDropped = calls.some(
    ({ name, node }) => isPlainUnlock(name) && node >= 0 && leadsTo(graph, first, node) && leadsTo(graph, node, last),
  );
  return isTaken && !isDropped;
}

/** A function that finds an object by number and uses what is not there yet, or has it released. */
function userOf(search: OwnerSearch, entry: Entry, fill: Fill, fills: readonly Fill[]): FunctionRef | undefined {
  const { codebase } = search;
  const { held, kind } = fill;
  const [one = fill, ...others] = fills.filter(
    (same) => same.kind === kind && same.held.tag === held.tag && same.held.member === held.member,
  );
  const releasers = releasersIn({ search, fills: [one, ...others] }, [entry.ref.path]) ?? [];
  const plain = releasers.filter((ref) => !asksMember(search, ref, held.tag));
  const keys = new Set(plain.map(functionKey));
  return functionsIn(codebase.program, entry.ref.path).find((ref) => {
    if (functionKey(ref) === functionKey(entry.ref) || !findsIn(search, ref, entry.map)) return false;
    if (asksMember(search, ref, held.tag)) return false;
    return uses(search, ref, held) || (keys.size > 0 && releasersOnTheWay(search, ref, keys).size > 0);
  });
}

function findsIn(search: OwnerSearch, ref: FunctionRef, map: HeldMember): boolean {
  return callsIn(search.codebase.program.lower(ref).body).some(({ name, call }) => {
    const found = name !== null && findsEntry(name) ? mapOf(search, ref, call) : undefined;
    return found?.tag === map.tag && found.member === map.member;
  });
}

function uses(search: OwnerSearch, ref: FunctionRef, held: HeldMember): boolean {
  let found = false;
  visitExpressions(search.codebase.program.lower(ref).body, (one) => {
    if (one.kind !== 'member' || one.member !== held.member) return;
    found ||= heldMember(search, ref, one)?.tag === held.tag;
  });
  return found;
}

/** Whether a function tests a member of a structure: it may say whether the object is whole. */
function asksMember(search: OwnerSearch, ref: FunctionRef, tag: string): boolean {
  const isMemberOf = (test: Expression): boolean => {
    let found = false;
    visitExpressions([{ kind: 'expression', expression: test, at: test.at }], (one) => {
      found ||= one.kind === 'member' && heldMember(search, ref, one)?.tag === tag;
    });
    return found;
  };
  let found = false;
  visitStatements(search.codebase.program.lower(ref).body, (statement) => {
    if ('test' in statement && statement.test) found ||= isMemberOf(statement.test);
  });
  visitExpressions(search.codebase.program.lower(ref).body, (one) => {
    if (one.kind === 'conditional') found ||= isMemberOf(one.test);
  });
  return found;
}

function misuseOf(
  { codebase }: OwnerSearch,
  { ref, call, api, taking }: Entry,
  { kind, held, api: taker }: Fill,
  user: FunctionRef,
): Misuse {
  return {
    kind: 'early-entry',
    resource: kind,
    path: ref.path,
    at: call.at,
    function: ref.outline.name,
    api: `${api}()`,
    keptIn: held.member,
    takenBy: user.outline.name,
    certainty: 'medium',
    trace: [
      stepAt(codebase, ref.path, taking.at, `'${held.member}' is filled here by ${taker}()`),
      stepAt(codebase, user.path, user.outline.nameAt, `${user.outline.name}() finds the object by its number`),
    ],
  };
}
