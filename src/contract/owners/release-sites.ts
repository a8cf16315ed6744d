// Which releases does a function make of what it has not taken itself, and of what are they?

import { type CallExpression, callsIn, type Expression, type FunctionUnit } from '../../c/index.js';
import { graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import {
  apiFunction,
  apiFunctions,
  bufferFile,
  fileFunctions,
  isNullWord,
  knownBodies,
  type ResourceKind,
} from '../../kernel/index.js';
import { assignmentsOf, type FunctionRef, functionKey } from '../../program/index.js';
import { type HeldMember, heldMember, type OwnerSearch, withoutCasts } from './members.js';

/** What a release is of, as far as the function shows. */
export type Released =
  | { readonly kind: 'member'; readonly held: HeldMember }
  /** The function's parameter, by index. */
  | { readonly kind: 'parameter'; readonly index: number }
  | { readonly kind: 'unknown' };

const unknown: Released = { kind: 'unknown' };

/** A search for the releases of one kind of resource. What is found is kept as long as the search is. */
export interface ReleaseSearch extends OwnerSearch {
  readonly kind: ResourceKind;
  /** The names of the functions that leave one to their caller, or in a structure. */
  readonly takers: ReadonlySet<string>;
  readonly known: Map<string, readonly Released[]>;
}

/** How many calls deep a release is looked for. */
const deepest = 4;

/**
 * Returns what a function releases, itself or by what it calls. A release that only follows an acquire of the same
 * function undoes that, and is left out.
 */
export function releasedBy(search: ReleaseSearch, ref: FunctionRef, depth = deepest): readonly Released[] {
  const key = `${depth} ${functionKey(ref)}`;
  const known = search.known.get(key);
  if (known) return known;
  // A function that calls itself releases nothing more by that.
  search.known.set(key, []);
  const found = [...releasedHere(search, ref), ...(depth > 0 ? releasedBelow(search, ref, depth) : [])];
  search.known.set(key, found);
  return found;
}

/** Returns what a function itself releases. A release function that is named and not called may release anything. */
export function releasedHere(search: ReleaseSearch, ref: FunctionRef): readonly Released[] {
  const { codebase, kind } = search;
  if (!wordsOf(kind).test(codebase.program.bodyText(ref))) return [];
  const unit = codebase.program.lower(ref);
  const calls = callsIn(unit.body);
  const releases = calls.flatMap(({ name, call }) => {
    const argument = name === null ? undefined : releasedArgument(kind, name, call);
    return argument === undefined ? [] : [{ call, argument, isFile: name !== null && fileFunctions.has(name) }];
  });
  if (releases.length < mentions(codebase.program.bodyText(ref), kind)) return [unknown];
  const graph = graphOf(unit);
  // A function that leaves nothing behind may end in its own good time what a callee took for it.
  const takers = search.takers.has(ref.outline.name) ? search.takers : new Set<string>();
  const acquires = calls.filter(({ name, call }) => name !== null && (takers.has(name) || takes(kind, name, call)));
  const taken = new Set(acquires.map(({ call }) => nodeOfCall(graph, call)));
  return releases.flatMap(({ call, argument, isFile }) => {
    if (isFile && !isFileOfBuffer(unit, argument)) return [];
    const node = nodeOfCall(graph, call);
    const undoes =
      node >= 0 &&
      !isReachable(graph, graph.entry, {
        isGoal: (_, index) => index === node,
        isBlocked: (index) => taken.has(index),
        next: successors,
      });
    if (undoes && !isReplaced(unit, argument)) return [];
    return isFile ? [unknown] : whatIs(search, ref, argument);
  });
}

/** Whether a variable has what a member held: `old = slot->dmabuf; slot->dmabuf = dmabuf; dma_buf_put(old);`. */
function isReplaced(unit: FunctionUnit, value: Expression): boolean {
  const assigned = value.kind === 'name' ? (assignmentsOf(unit).values.get(value.name) ?? []) : [];
  return assigned.length > 0 && assigned.every(({ kind }) => kind === 'member');
}

/** Whether a file may be that of a buffer: it is read from a member `file`. */
function isFileOfBuffer(unit: FunctionUnit, file: Expression): boolean {
  if (file.kind === 'member') return file.member === bufferFile;
  return (
    file.kind === 'name' &&
    (assignmentsOf(unit).values.get(file.name) ?? []).some((value) => isFileOfBuffer(unit, value))
  );
}

/** The release functions of a kind, as a pattern. */
function wordsOf(kind: ResourceKind): RegExp {
  const known = patterns.get(kind);
  if (known) return known;
  const names = [...apiFunctions].flatMap(([name, { effects }]) =>
    effects.some((effect) => releases(kind, effect)) ? [name] : [],
  );
  const puts = kind === 'reference' ? [...fileFunctions].flatMap(([name, role]) => (role === 'put' ? [name] : [])) : [];
  const pattern = new RegExp(`\\b(?:${[...names, ...puts].join('|')})\\b`);
  patterns.set(kind, pattern);
  return pattern;
}

const patterns = new Map<ResourceKind, RegExp>();

type Effect = NonNullable<ReturnType<typeof apiFunction>>['effects'][number];

/** Whether an effect ends a resource of a kind. A descriptor owns the reference from then on. */
function releases(kind: ResourceKind, effect: Effect): boolean {
  return (effect.kind === 'release' && effect.resource === kind) || (effect.kind === 'make-fd' && kind === 'reference');
}

/** Whether a text names a release function of a kind. */
export function namesRelease(text: string, kind: ResourceKind): boolean {
  return wordsOf(kind).test(text);
}

function mentions(text: string, kind: ResourceKind): number {
  return [...text.matchAll(new RegExp(wordsOf(kind), 'g'))].length;
}

function releasedArgument(kind: ResourceKind, name: string, call: CallExpression): Expression | undefined {
  if (kind === 'reference' && fileFunctions.get(name) === 'put') return call.arguments[0];
  for (const effect of apiFunction(name, call.arguments.length)?.effects ?? [])
    if (releases(kind, effect) && typeof effect.handle === 'number') return call.arguments[effect.handle];
  return undefined;
}

function takes(kind: ResourceKind, name: string, call: CallExpression): boolean {
  const effects = apiFunction(name, call.arguments.length)?.effects ?? [];
  return effects.some((effect) => effect.kind === 'acquire' && effect.resource === kind);
}

/** What the functions that a function calls, or names as an argument, release. */
function releasedBelow(search: ReleaseSearch, ref: FunctionRef, depth: number): readonly Released[] {
  const { codebase } = search;
  const target = (name: string): FunctionRef | undefined => codebase.definitions.findNear(name, ref.path);
  return callsIn(codebase.program.lower(ref).body).flatMap(({ name, call }) => {
    const callee = name === null || apiFunctions.has(name) ? undefined : target(name);
    const below = callee ? releasedBy(search, callee, depth - 1) : releasedOutside(search.kind, name);
    const named = call.arguments.flatMap((argument) => {
      const callback = argument.kind === 'name' ? target(argument.name) : undefined;
      return callback ? releasedBy(search, callback, depth - 1) : [];
    });
    return [...below.flatMap((one) => asGiven(search, ref, call, one)), ...named];
  });
}

/** What a function releases that may lie outside of the tree, as `drm_prime_gem_destroy()` for a module that is built apart. */
function releasedOutside(kind: ResourceKind, name: string | null): readonly Released[] {
  return knownBodies.some((known) => known.name === name && namesRelease(known.body, kind)) ? [unknown] : [];
}

/** What a callee releases, in words of its caller. */
function asGiven(search: ReleaseSearch, ref: FunctionRef, call: CallExpression, one: Released): readonly Released[] {
  if (one.kind !== 'parameter') return [one];
  const argument = call.arguments[one.index];
  return argument ? whatIs(search, ref, argument) : [unknown];
}

function whatIs(search: ReleaseSearch, ref: FunctionRef, value: Expression, depth = 2): readonly Released[] {
  const bare = withoutCasts(value);
  if (bare.kind === 'unary' && bare.operator === '&') return whatIs(search, ref, bare.operand, depth);
  if (bare.kind === 'member') {
    const held = heldMember(search, ref, bare);
    return [held ? { kind: 'member', held } : unknown];
  }
  if (bare.kind !== 'name') return [unknown];
  if (isNullWord(bare)) return [];
  const unit = search.codebase.program.lower(ref);
  const { values } = assignmentsOf(unit);
  const assigned = values.get(bare.name) ?? [];
  const index = ref.outline.parameters.findIndex(({ name }) => name === bare.name);
  if (index >= 0) return assigned.length === 0 ? [{ kind: 'parameter', index }] : [unknown];
  if (assigned.length === 0 || depth === 0) return [unknown];
  const found = assigned.flatMap((one) => whatIs(search, ref, one, depth - 1));
  // What is NULL by every assignment gets its value in another way: by `swap(x->sgt, sgt)`.
  return found.length > 0 ? found : [unknown];
}
