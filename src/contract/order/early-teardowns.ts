// What does an importer free or destroy before the detach, though its callback uses it?

import {
  type CallExpression,
  callsIn,
  type Expression,
  type FunctionUnit,
  lvalueText,
  visitExpressions,
} from '../../c/index.js';
import { expressionsIn, graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { attachArgument } from '../attachments/attach-argument.js';
import { unconditionalUses, usesInLoops } from '../importers/callback-uses.js';
import { guardedUses } from '../importers/guarded-uses.js';
import type { EarlyTeardown, Importer } from '../model/importer.js';
import { type OwnerSearch, searchOwners, tagOf } from '../owners/members.js';
import { type Detach, detachesIn, detachingFunctions, withCallers } from './detaches.js';
import { membersTornDownBy, tornDownBy } from './freeing-helpers.js';
import { mayCountDown } from './loop-bounds.js';
import { mayBeAttached } from './still-attached.js';
import { placeOf } from './teardown-places.js';

/** Finds what importers tear down too early: the exporter may call their callback until the detach. */
export function findEarlyTeardowns(codebase: Codebase, importers: readonly Importer[]): readonly EarlyTeardown[] {
  const search = searchOwners(codebase);
  return importers.flatMap((importer) => {
    const callback = importer.callback ? codebase.definitions.find(importer.callback, importer.table.path) : undefined;
    const uses = callback ? usesOf(codebase, callback).filter(({ path }) => path.length > 0) : [];
    const tags = uses.length > 0 ? privateTags(search, importer) : new Set<string>();
    if (tags.size === 0) return [];
    const sites = importer.attachPaths.map(({ site }) => site.ref);
    const attaching = new Set(withCallers(codebase, sites, highestAttach).map(functionKey));
    const refs = detachingFunctions(codebase, importer.table.path);
    const detaching = new Set(withCallers(codebase, refs, highestAttach).map(functionKey));
    return refs.flatMap((ref) => earlyIn(search, { importer, uses, tags, attaching, detaching }, ref));
  });
}

/** How many calls lie between a function and the attach that it undoes when it fails. */
const highestAttach = 2;

type Use = EarlyTeardown['use'];

function usesOf(codebase: Codebase, callback: FunctionRef): readonly Use[] {
  return [
    ...unconditionalUses(codebase, callback),
    ...guardedUses(codebase, callback),
    ...usesInLoops(codebase, callback),
  ];
}

/** The structures that the importer's attaches name as private. */
function privateTags(search: OwnerSearch, { attachPaths }: Importer): ReadonlySet<string> {
  const tags = attachPaths.flatMap(({ site }) => {
    const given = attachArgument(site, 'private');
    return (given && tagOf(search, site.ref, given)) ?? [];
  });
  return new Set(tags);
}

interface Sought {
  readonly importer: Importer;
  readonly uses: readonly Use[];
  readonly tags: ReadonlySet<string>;
  /** The functions that attach, or call one that does, by key. */
  readonly attaching: ReadonlySet<string>;
  /** The functions that detach, or call one that does, by key. */
  readonly detaching: ReadonlySet<string>;
}

function earlyIn(search: OwnerSearch, sought: Sought, ref: FunctionRef): readonly EarlyTeardown[] {
  const { codebase } = search;
  const unit = codebase.program.lower(ref);
  // Where a function that attaches fails, a helper may find nothing to detach.
  const mayUndo = sought.attaching.has(functionKey(ref));
  const detaches = detachesIn(codebase, ref).filter(({ isBelow }) => !isBelow || !mayUndo);
  if (detaches.length === 0) return [];
  return callsIn(unit.body).flatMap(({ call, name }): readonly EarlyTeardown[] => {
    const own = tornDownBy(codebase, call, ref.path);
    const found =
      (own && usedThen(search, sought, { ref, call, given: own })) ?? usedInHelper(search, sought, { ref, call }, name);
    if (!found) return [];
    const after = detachAfter(unit, call, found.base, detaches);
    const detach =
      after && mayBeAttached(codebase, sought, { ref, call, base: found.base, detach: after }) ? after : null;
    const { use } = found;
    const { importer } = sought;
    return detach ? [{ importer, ref, at: call.at, member: use.path.join('.'), use, detachAt: detach.call.at }] : [];
  });
}

/**
 * The use that the callback makes, whatever members say, of what a helper tears down that gets the structure. A helper that
 * detaches, too, keeps its own order; a function that attaches undoes what it has done so far.
 */
function usedInHelper(
  search: OwnerSearch,
  sought: Sought,
  { ref, call }: Omit<TeardownCall, 'given'>,
  name: string | null,
): UsedThen | undefined {
  const { codebase } = search;
  const helper = name === null ? undefined : codebase.definitions.findInModule(name, ref.path);
  if (!helper || sought.detaching.has(functionKey(helper)) || sought.attaching.has(functionKey(ref))) return undefined;
  const always = { ...sought, uses: sought.uses.filter((use) => !('guard' in use) && !('bound' in use)) };
  for (const given of membersTornDownBy(codebase, call, helper)) {
    const found = usedThen(search, always, { ref, call, given });
    if (found) return found;
  }
  return undefined;
}

interface TeardownCall {
  readonly ref: FunctionRef;
  readonly call: CallExpression;
  readonly given: Expression;
}

/** A use, with the variable that leads to the structure. */
interface UsedThen {
  readonly use: Use;
  readonly base: string;
}

/** The use that the callback may still make of what a call tears down, with the variable that leads to the structure. */
function usedThen(search: OwnerSearch, sought: Sought, { ref, call, given }: TeardownCall): UsedThen | undefined {
  const unit = search.codebase.program.lower(ref);
  const text = placeOf(unit, given.kind === 'unary' && given.operator === '&' ? given.operand : given);
  if (text === null) return undefined;
  const baseOf = (use: Use): string => text.slice(0, -use.path.join('.').length - 1);
  const use = sought.uses.find(
    (one) =>
      text.endsWith(`.${one.path.join('.')}`) &&
      mayRunThen(search.codebase, sought, unit, { use: one, base: baseOf(one), at: call.at }),
  );
  if (!use) return undefined;
  const base = baseOf(use);
  const tag = tagOf(search, ref, { kind: 'name', name: base, at: call.at });
  return base.includes('.') || tag === undefined || !sought.tags.has(tag) ? undefined : { use, base };
}

/** The detach of a structure that comes after a call, where none has come before on all ways. */
function detachAfter(
  unit: FunctionUnit,
  call: CallExpression,
  base: string,
  detaches: readonly Detach[],
): Detach | undefined {
  const graph = graphOf(unit);
  const from = nodeOfCall(graph, call);
  const own = detaches.filter(({ isOf, call: detach }) => isOf(base) && nodeOfCall(graph, detach) !== from);
  const nodes = new Set(own.map((detach) => nodeOfCall(graph, detach.call)));
  const isGoal = (goal: number) => (_: unknown, index: number) => index === goal;
  const isAttached = isReachable(graph, graph.entry, {
    isGoal: isGoal(from),
    isBlocked: (index) => nodes.has(index),
    next: successors,
  });
  if (!isAttached) return undefined;
  return own.find((detach) =>
    isReachable(graph, from, {
      isGoal: isGoal(nodeOfCall(graph, detach.call)),
      // A second value of the variable is another structure.
      isBlocked: (index) => index !== from && assigns(graph.nodes[index], base),
      next: successors,
    }),
  );
}

/** A call that tears down something that a callback uses. */
interface Teardown {
  readonly use: Use;
  /** The structure, as text. */
  readonly base: string;
  readonly at: number;
}

/**
 * Whether the callback may still make the use at the time of the call: the use is unconditional, or the function clears
 * the member that guards it only after the call. If a function never clears the member, its caller may have done so
 * before.
 */
function mayRunThen(codebase: Codebase, sought: Sought, { body, path }: FunctionUnit, teardown: Teardown): boolean {
  const { program, definitions } = codebase;
  const { use, base, at } = teardown;
  if ('bound' in use) return !mayCountDown(codebase, path, use, sought.attaching);
  if (!('guard' in use)) return true;
  const clears = new RegExp(`(?:->|\\.)\\s*${use.guard.at(-1)}\\s*=[^=]`);
  const isClearedBefore = callsIn(body).some(({ name, call }) => {
    const helper = name !== null && call.at < at ? definitions.findNear(name, path) : undefined;
    return (
      helper !== undefined &&
      call.arguments.some((argument) => lvalueText(argument) === base) &&
      clears.test(program.bodyText(helper))
    );
  });
  if (isClearedBefore) return false;
  const guard = [base, ...use.guard].join('.');
  const cleared: number[] = [];
  visitExpressions(body, (expression) => {
    if (expression.kind === 'assignment' && lvalueText(expression.target) === guard) cleared.push(expression.at);
  });
  return cleared.length > 0 && cleared.every((place) => place > at);
}

function assigns(node: Parameters<typeof expressionsIn>[0] | undefined, name: string): boolean {
  if (!node) return false;
  if (node.kind === 'round') return true;
  return expressionsIn(node).some(
    (expression) =>
      expression.kind === 'assignment' && expression.target.kind === 'name' && expression.target.name === name,
  );
}
