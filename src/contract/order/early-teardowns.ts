// What does an importer free or destroy before the detach, though its callback uses it?

import { callsIn, type Expression, type FunctionUnit, lvalueText, visitExpressions } from '../../c/index.js';
import { expressionsIn, graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';

import { functionsWithRole, parameterIndex, roleOf } from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, functionKey } from '../../program/index.js';

import { attachArgument } from '../attachments/attach-argument.js';
import { unconditionalUses } from '../importers/callback-uses.js';
import { guardedUses } from '../importers/guarded-uses.js';
import type { EarlyTeardown, GuardedUse, Importer, UnconditionalUse } from '../model/importer.js';
import { type OwnerSearch, searchOwners, tagOf } from '../owners/members.js';
import { tearsDownFirst } from './freeing-helpers.js';

/** Finds what importers tear down too early: the exporter may call their callback until the detach. */
export function findEarlyTeardowns(codebase: Codebase, importers: readonly Importer[]): readonly EarlyTeardown[] {
  const search = searchOwners(codebase);
  return importers.flatMap((importer) => {
    const callback = importer.callback ? codebase.definitions.find(importer.callback, importer.table.path) : undefined;
    const uses = callback
      ? [...unconditionalUses(codebase, callback), ...guardedUses(codebase, callback)].filter(
          ({ path }) => path.length > 0,
        )
      : [];
    const tags = uses.length > 0 ? privateTags(search, importer) : new Set<string>();
    return tags.size === 0
      ? []
      : detachingFunctions(codebase, importer.table.path).flatMap((ref) =>
          earlyIn(search, { importer, uses, tags }, ref),
        );
  });
}

/** The structures that the importer's attaches name as private. */
function privateTags(search: OwnerSearch, { attachPaths }: Importer): ReadonlySet<string> {
  const tags = attachPaths.flatMap(({ site }) => {
    const given = attachArgument(site, 'private');
    return (given && tagOf(search, site.ref, given)) ?? [];
  });
  return new Set(tags);
}

function detachingFunctions(codebase: Codebase, path: string): readonly FunctionRef[] {
  const module = codebase.definitions.module(path);
  const found = functionsWithRole('detach').flatMap((name) => codebase.references.of(name, module));
  const refs = found.flatMap(({ inside, isCall }) => (inside && isCall ? [inside] : []));
  return [...new Map(refs.map((ref) => [functionKey(ref), ref])).values()];
}

interface Sought {
  readonly importer: Importer;
  readonly uses: readonly (UnconditionalUse | GuardedUse)[];
  readonly tags: ReadonlySet<string>;
}

function earlyIn(search: OwnerSearch, { importer, uses, tags }: Sought, ref: FunctionRef): readonly EarlyTeardown[] {
  const unit = search.codebase.program.lower(ref);
  const graph = graphOf(unit);
  const calls = callsIn(unit.body);
  const detaches = calls.filter(({ name }) => name !== null && roleOf(name) === 'detach');
  return calls.flatMap(({ call, name }): readonly EarlyTeardown[] => {
    const [given] = call.arguments;
    if (name === null || !given || !tearsDownFirst(search.codebase, name, ref.path)) return [];
    const object = given.kind === 'unary' && given.operator === '&' ? given.operand : given;
    const text = placeOf(unit, object);
    const use = uses.find((one) => {
      const path = `.${one.path.join('.')}`;
      return (
        text?.endsWith(path) &&
        mayRunThen(search.codebase, unit, { use: one, base: text.slice(0, -path.length), at: call.at })
      );
    });
    if (!use || text === null) return [];
    const base = text.slice(0, -use.path.join('.').length - 1);
    const tag = tagOf(search, ref, { kind: 'name', name: base, at: call.at });
    if (base.includes('.') || tag === undefined || !tags.has(tag)) return [];
    const from = nodeOfCall(graph, call);
    const detach = detaches.find((one) => {
      const goal = nodeOfCall(graph, one.call);
      const owner = lvalueText(one.call.arguments[parameterIndex('detach', 'attachment')] ?? given);
      return (
        owner?.startsWith(`${base}.`) &&
        goal !== from &&
        isReachable(graph, from, {
          isGoal: (_, index) => index === goal,
          // A second value of the variable is another structure.
          isBlocked: (index) => index !== from && assigns(graph.nodes[index], base),
          next: successors,
        })
      );
    });
    return detach ? [{ importer, ref, at: call.at, member: use.path.join('.'), use, detachAt: detach.call.at }] : [];
  });
}

/** The members that lead to an object, as text; through a local variable that holds a member, and nothing else: `imp.space`. */
function placeOf(unit: FunctionUnit, object: Expression): string | null {
  const text = lvalueText(object);
  const [root = '', ...members] = text?.split('.') ?? [];
  const { values, locals } = assignmentsOf(unit);
  const [held, ...others] = values.get(root) ?? [];
  const place = held && others.length === 0 && locals.has(root) ? lvalueText(held) : null;
  // A member that the function writes may hold another object by then.
  return place?.includes('.') && !values.has(place) ? [place, ...members].join('.') : text;
}

/** A call that tears down something that a callback uses. */
interface Teardown {
  readonly use: UnconditionalUse | GuardedUse;
  /** The structure, as text. */
  readonly base: string;
  readonly at: number;
}

/**
 * Whether the callback may still make the use at the time of the call: the use is unconditional, or the function clears
 * the member that guards it only after the call. If a function never clears the member, its caller may have done so
 * before.
 */
function mayRunThen({ program, definitions }: Codebase, { body, path }: FunctionUnit, teardown: Teardown): boolean {
  const { use, base, at } = teardown;
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
