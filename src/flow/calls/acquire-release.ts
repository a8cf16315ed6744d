import { type Expression, subexpressions } from '../../c/index.js';
import {
  argumentIndex,
  exporterPrivateMember,
  importerPrivateMember,
  isNamedForMaking,
  type ResourceKind,
  resourceLives,
  roleOf,
} from '../../kernel/index.js';
import { isAssumed } from '../descriptors/assumed-reference.js';
import { useError, useValue } from '../evaluate/use-value.js';
import { counterAround } from '../graph/counting-loops.js';
import { exportedMembers } from '../objects/exporter-release.js';
import { keepsItsExports } from '../objects/kept-exports.js';
import { isFromUnseenObject } from '../objects/own-balance.js';
import { freeObject, leaveKeepers } from '../state/ownership.js';
import { newResource, type Resource } from '../state/resource.js';
import { answerKeys, type State, signsOf, stateWith, withResource } from '../state/state.js';
import { bad, good, type Value, zero } from '../state/value.js';
import { type CallSite, endAt } from './call-site.js';

/** The resource of a kind that is held under a handle. */
export function findHeld(state: State, kind: ResourceKind, handle: Value): Resource | undefined {
  return state.resources.find(
    (resource) => resource.kind === kind && resource.handle === handle && resource.status === 'held',
  );
}

type Identity = Pick<Resource, 'kind' | 'handle'> & Partial<Resource>;

function resourceAt({ frame, call, name }: CallSite, identity: Identity): Resource {
  return newResource({
    ...identity,
    path: frame.ref.path,
    at: call.at,
    function: frame.ref.outline.name,
    api: name,
    isElement: call.arguments.some(hasIndex),
  });
}

/** The state after a call that acquired a resource. */
export function acquire(
  site: CallSite,
  acquired: Pick<Resource, 'kind' | 'handle' | 'of' | 'direction'>,
  state: State,
): State {
  const { kind, handle, of } = acquired;
  const held = kind === 'reference' ? findHeld(state, kind, handle) : undefined;
  if (held) return withResource(state, held, { ...held, count: held.count + 1 });
  const after: State = stateWith(state, { resources: [...state.resources, resourceAt(site, acquired)] });
  if (roleOf(site.name) === 'export') return stateWith(after, { heap: exportedMembers(after, site.values[0], handle) });
  return kind === 'attachment' && of !== null
    ? stateWith(after, { heap: attachmentMembers(site, handle, of, after) })
    : after;
}

/** What the core stores in a new attachment: the buffer that was attached to, and the pointer that the importer gave. */
function attachmentMembers(
  { name, values }: CallSite,
  attachment: Value,
  buffer: Value,
  { heap }: State,
): State['heap'] {
  const index = argumentIndex(name, 'private');
  const own = index === undefined ? undefined : values[index];
  const known = heap.with(`${attachment}.dmabuf`, buffer);
  return own === undefined ? known : known.with(`${attachment}.${importerPrivateMember}`, own);
}

/**
 * The state after a call that released a resource, or that was meant to. Misuses are reported.
 * @param of the buffer of a resource that the path has not acquired, where it matters
 */
export function release(
  site: CallSite,
  kind: ResourceKind,
  handle: Value,
  state: State,
  of: Value | null = null,
): State {
  const { engine, frame, call, name } = site;
  if (signsOf(state, handle) === zero) return state; // releasing NULL has no effect
  const own = state.resources.filter((resource) => resource.kind === kind && resource.handle === handle);
  const held =
    own.find((resource) => resource.status === 'held') ??
    own.find(({ status, end }) => status === 'given' && end?.kind !== 'given-to-descriptor') ??
    own.find(({ status }) => status === 'given');
  const use = `${name}()`;
  // The descriptor has the reference that was taken here; the buffer may have come with another one.
  if (held?.end?.kind === 'given-to-descriptor' && mayOwnMore(site, held)) return state;
  if (held?.end?.kind === 'given-to-descriptor') {
    const event = { kind: 'over-put', at: call.at, resource: held, use, origin: null } as const;
    const mayCome = !isNewReference(held.api) && isFromUnseenObject(engine, state, handle);
    engine.report({ ...event, ...(mayCome && { object: handle, isDoubtful: true }) }, frame, state);
    const after = releaseHeld(site, held, state);
    return stateWith(after, { answers: after.answers.with(answerKeys.overPut(handle), true) });
  }
  if (held) return notePutThroughKeeper(site, held, releaseHeld(site, held, state));
  const before = own.find((resource) => resource.status === 'released');
  if (before) {
    const isThird = engine.unseen.has(handle) && isThirdPut(own, call.at);
    const verdict = isThird
      ? 'perhaps'
      : (judgeRound(site, own, before) ??
        judgeKeptElsewhere(site, kind, handle, state) ??
        judgeSecondRelease(own, before, call.at));
    const event = { kind: 'double-release', at: call.at, resource: before, use, origin: null } as const;
    if (verdict === 'double' || verdict === 'perhaps')
      engine.report({ ...event, isDoubtful: verdict === 'perhaps' }, frame, state);
    if (verdict !== 'foreign') return state;
  } else useValue(engine, handle, state, frame, { at: call.at, use }); // a detached attachment cannot be unpinned
  if (engine.origins.has(handle) && signsOf(state, handle) === bad)
    useError(engine, handle, state, frame, { at: call.at, use });
  const end = endAt(site, { kind: 'released', by: name });
  const resource = resourceAt(site, { kind, handle, of, status: 'released', count: 0, end });
  const after: State = stateWith(state, { resources: [...state.resources, resource] });
  return kind === 'attachment' ? freeObject(leaveKeepers(after, handle), handle) : after;
}

/**
 * Whether a buffer came from a call that was not followed, and a reference may have come with it besides the one taken
 * here. A call that makes the buffer returns no more than one.
 */
function mayOwnMore({ engine }: CallSite, given: Resource): boolean {
  if (isAssumed(given)) return !isNamedForMaking(given.api);
  return !isNewReference(given.api) && engine.unseen.has(given.handle);
}

function releaseHeld(site: CallSite, held: Resource, state: State): State {
  if (held.count > 1) return withResource(state, held, { ...held, count: held.count - 1 });
  const end = endAt(site, { kind: 'released', by: site.name });
  const released = withResource(state, held, { ...held, status: 'released', end });
  return freesObject(held, state) ? freeObject(released, held.handle) : released;
}

/**
 * Judges a second put of a buffer that others may hold: an entry that a test found to hold it, or the exporter itself, which
 * has looked into its own data and keeps a reference from when it made the buffer.
 */
function judgeKeptElsewhere(
  { engine, frame, call }: CallSite,
  kind: ResourceKind,
  buffer: Value,
  state: State,
): SecondRelease | undefined {
  if (kind !== 'reference') return undefined;
  const isOfKeeper = namesMember(call) || state.answers.get(answerKeys.leftByKeeper(buffer)) === true;
  const isOwn =
    state.heap.has(`${buffer}.${exporterPrivateMember}`) && keepsItsExports(engine.codebase, frame.ref.path);
  return (isOfKeeper && isKept(state, buffer)) || isOwn ? 'foreign' : undefined;
}

/** Whether a call gets the buffer from a member: `dma_buf_put(entry->dmabuf)`. */
function namesMember({ arguments: [first] }: CallSite['call']): boolean {
  return first?.kind === 'member' || first?.kind === 'index';
}

/**
 * Takes note that the only reference that the path seemed to have was dropped through the member of an object which a test
 * found to hold the buffer: it may have been the reference of that object.
 */
function notePutThroughKeeper({ call }: CallSite, { kind, handle, count }: Resource, state: State): State {
  const isOfKeeper = kind === 'reference' && count === 1 && state.answers.has(answerKeys.keeper(handle));
  if (!isOfKeeper || !namesMember(call)) return state;
  return stateWith(state, { answers: state.answers.with(answerKeys.putThroughKeeper(handle), true) });
}

type SecondRelease = 'double' | 'perhaps' | 'foreign' | 'unknown';

/**
 * Judges a release that a loop repeats, of what the path has not acquired: how often others acquired it, the counter of the
 * loop may say.
 * @returns undefined where the release is no such one
 */
function judgeRound({ call, frame }: CallSite, own: readonly Resource[], before: Resource): SecondRelease | undefined {
  const isForeign = before.end?.at === call.at && own.every(({ count }) => count === 0);
  if (!isForeign || !resourceLives[before.kind].nests || before.kind === 'reference') return undefined;
  let counter = counterAround(frame.unit, call.at);
  for (let { from } = frame; from && !counter; from = from.frame.from)
    counter = counterAround(from.frame.unit, from.at);
  return counter && (counter === 'member' ? 'unknown' : 'perhaps');
}

/**
 * Judges the release of what was released before: `double` is a bug, `perhaps` is one unless the path was handed two
 * references, `foreign` releases a reference that the path did not acquire, and of `unknown` nothing can be said.
 * @param at the offset of the release: in a loop the same put may drop one reference after the other
 */
function judgeSecondRelease(own: readonly Resource[], before: Resource, at: number): SecondRelease {
  // How many references a buffer has that came from outside is not known here.
  const isCounted = before.kind !== 'reference' || isNewReference(before.api);
  // A buffer counts its kernel mappings: one that came from outside may have been made twice.
  if (isCounted) return before.kind === 'kernel-mapping' && before.count === 0 ? 'perhaps' : 'double';
  if (own.every(({ count }) => count === 0)) return before.end?.at === at ? 'unknown' : 'perhaps';
  // The reference from get_dma_buf() was put before: this put is of a reference that came with the buffer.
  return roleOf(before.api) === 'ref' && own.every(({ count }) => count > 0) ? 'foreign' : 'unknown';
}

/**
 * Whether the path has put both the reference that it took to a buffer and the one that came with the buffer from a
 * call. A call returns no more than one.
 */
function isThirdPut(own: readonly Resource[], at: number): boolean {
  const isPut = ({ status, end }: Resource): boolean => status === 'released' && end?.at !== at;
  return (
    own.every(isPut) &&
    own.some(({ count, api }) => count > 0 && roleOf(api) === 'ref') &&
    own.some(({ kind, count }) => kind === 'reference' && count === 0)
  );
}

/** Whether a function returns a reference that nobody else knows of. */
export function isNewReference(api: string): boolean {
  const role = roleOf(api);
  return role === 'get' || role === 'export';
}

/** Whether an expression reads an element of an array. */
export function hasIndex(expression: Expression): boolean {
  return expression.kind === 'index' || subexpressions(expression).some(hasIndex);
}

/**
 * Whether a release may free the object: a detach frees the attachment, and the put of a reference acquired here may free
 * the buffer, unless an object that others know holds the buffer, too.
 */
function freesObject(resource: Resource, state: State): boolean {
  const { kind, api, status, handle } = resource;
  if (kind === 'attachment') return true;
  if (kind !== 'reference' || isKept(state, handle)) return false;
  return status === 'held' ? isNewReference(api) : isStoredExport(resource);
}

/** Whether nobody but this path has had the chance to take a reference of an export that it stored in a member. */
function isStoredExport({ api, status, end, wasPassedOn }: Resource): boolean {
  return (
    roleOf(api) === 'export' &&
    status === 'given' &&
    !wasPassedOn &&
    (end?.kind === 'stored' || end?.kind === 'given-to-caller')
  );
}

function isKept(state: State, buffer: Value): boolean {
  const holder = state.answers.get(answerKeys.keeper(buffer));
  return typeof holder === 'number' && (signsOf(state, holder) & good) !== 0;
}
