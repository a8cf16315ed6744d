import { type CallExpression, type Expression, subexpressions } from '../../c/index.js';
import type { ApiFunction, Effect } from '../../kernel/effects.js';
import type { ResourceKind } from '../../kernel/resources.js';
import type { Engine, Evaluated, Frame } from '../paths/model.js';
import { freeObject, useValue } from '../state/objects.js';
import { type EndKind, newResource, type Resource, type ResourceEnd } from '../state/resource.js';
import { bad, good, type State, type Value, withResource, zero, zeroValue } from '../state/state.js';
import { exportedMembers, runRelease } from './release.js';

/** A call of the API on the values given: one result for success and one for failure. */
export function applyApi(
  engine: Engine,
  name: string,
  api: ApiFunction,
  call: CallExpression,
  values: readonly Value[],
  state: State,
  frame: Frame,
): readonly Evaluated[] {
  let used = state;
  const isRelease = api.effects.some((effect) => effect.kind === 'release');
  values.forEach((value, index) => {
    // A release of what is released already is told as that.
    if (!(isRelease && api.effects.some((effect) => effect.kind === 'release' && effect.handle === index)))
      used = useValue(engine, value, used, frame, call.at, `${name}()`);
  });
  const context: ApiCall = { engine, name, call, values, frame };
  const failed = freshSigned(engine, used, bad);
  switch (api.result) {
    case 'nothing': {
      const after = api.effects.reduce((state, effect) => applyEffect(context, effect, null, state), used);
      return runRelease(engine, used, after, values[0], frame).map((state) => ({ value: engine.fresh(), state }));
    }
    case 'zero-or-error':
      return [
        {
          value: zeroValue,
          state: api.effects.reduce((after, effect) => applyEffect(context, effect, null, after), used),
        },
        failed,
      ];
    case 'number-or-error': {
      const done = freshSigned(engine, used, good | zero);
      return [
        {
          value: done.value,
          state: api.effects.reduce((after, effect) => applyEffect(context, effect, done.value, after), done.state),
        },
        { ...failed, state: api.effects.reduce((after, effect) => refuse(context, effect, after), failed.state) },
      ];
    }
    case 'pointer-or-error': {
      const done = freshSigned(engine, used, good);
      engine.origins.set(failed.value, {
        path: frame.ref.path,
        at: call.at,
        api: name,
        function: frame.ref.outline.name,
      });
      return [
        {
          value: done.value,
          state: api.effects.reduce((after, effect) => applyEffect(context, effect, done.value, after), done.state),
        },
        failed,
      ];
    }
  }
}

interface ApiCall {
  readonly engine: Engine;
  readonly name: string;
  readonly call: CallExpression;
  readonly values: readonly Value[];
  readonly frame: Frame;
}

function freshSigned(engine: Engine, state: State, signs: number): Evaluated {
  const value = engine.fresh();
  return { value, state: { ...state, signs: state.signs.with(value, signs) } };
}

function applyEffect(context: ApiCall, effect: Effect, result: Value | null, state: State): State {
  const { values } = context;
  if (context.engine.locks) return nameBuffer(effect, values, result, state);
  switch (effect.kind) {
    case 'acquire': {
      const handle = effect.handle === 'result' ? result : values[effect.handle];
      if (handle === null || handle === undefined) return state;
      const of = effect.of === null ? null : (values[effect.of] ?? null);
      return acquire(
        context,
        effect.resource,
        handle,
        of,
        constantName(effect.direction === null ? undefined : context.call.arguments[effect.direction]),
        state,
      );
    }
    case 'release': {
      const handle = values[effect.handle];
      return handle === undefined ? state : release(context, effect.resource, handle, state);
    }
    case 'make-fd': {
      const handle = values[effect.handle];
      const given =
        handle === undefined
          ? undefined
          : state.resources.find(
              (resource) => resource.kind === 'reference' && resource.handle === handle && resource.status === 'held',
            );
      const after = given ? withResource(state, given, givenToDescriptor(context, given)) : state;
      return result === null ? after : acquire(context, 'fd', result, handle ?? null, null, after);
    }
  }
}

/** After dma_buf_fd() the reference belongs to the descriptor: the function must not put it any more. */
function givenToDescriptor(context: ApiCall, given: Resource): Resource {
  return given.count > 1
    ? { ...given, count: given.count - 1 }
    : { ...given, status: 'given', end: endHere(context, { kind: 'given-to-descriptor' }) };
}

/** A failed dma_buf_fd() leaves the reference where it was. */
function refuse({ values, frame, call }: ApiCall, effect: Effect, state: State): State {
  if (effect.kind !== 'make-fd') return state;
  return {
    ...state,
    resources: state.resources.map((resource) =>
      resource.kind === 'reference' && resource.handle === values[effect.handle] && resource.status === 'held'
        ? { ...resource, refused: { path: frame.ref.path, at: call.at } }
        : resource,
    ),
  };
}

function endHere({ frame, call }: ApiCall, end: EndKind): ResourceEnd {
  return { ...end, path: frame.ref.path, at: call.at };
}

/** A resource that the call acquires or releases. */
function resourceOf(
  { frame, call, name }: ApiCall,
  kind: ResourceKind,
  handle: Value,
  rest: Partial<Resource>,
): Resource {
  return newResource({
    ...rest,
    kind,
    handle,
    path: frame.ref.path,
    at: call.at,
    function: frame.ref.outline.name,
    api: name,
    isElement: call.arguments.some(hasIndex),
  });
}

/** Who watches locks need only know whose attachment it is. */
function nameBuffer(effect: Effect, values: readonly Value[], result: Value | null, state: State): State {
  const of = effect.kind === 'acquire' && effect.of !== null ? values[effect.of] : undefined;
  if (effect.kind !== 'acquire' || effect.resource !== 'attachment' || result === null || of === undefined)
    return state;
  return { ...state, heap: state.heap.with(`${result}.dmabuf`, of) };
}

function acquire(
  context: ApiCall,
  kind: ResourceKind,
  handle: Value,
  of: Value | null,
  direction: string | null,
  state: State,
): State {
  const { name } = context;
  const held =
    kind === 'reference'
      ? state.resources.find(
          (resource) => resource.kind === kind && resource.handle === handle && resource.status === 'held',
        )
      : undefined;
  if (held) return withResource(state, held, { ...held, count: held.count + 1 });
  const resource = resourceOf(context, kind, handle, { of, direction });
  const taken = { ...state, resources: [...state.resources, resource] };
  // The attachment knows its buffer: `attach->dmabuf` is what it was made with.
  if (name === 'dma_buf_export') return { ...taken, heap: exportedMembers(taken, context.values[0], handle) };
  return kind === 'attachment' && of !== null ? { ...taken, heap: taken.heap.with(`${handle}.dmabuf`, of) } : taken;
}

function release(context: ApiCall, kind: ResourceKind, handle: Value, state: State): State {
  const { engine, frame, call, name } = context;
  if ((state.signs.get(handle) ?? 7) === zero) return state; // unmapping NULL is somebody's check, not a release
  const own = state.resources.filter((resource) => resource.kind === kind && resource.handle === handle);
  const held =
    own.find((resource) => resource.status === 'held') ?? own.find((resource) => resource.status === 'given');
  const done = endHere(context, { kind: 'released', by: name });
  if (held?.end?.kind === 'given-to-descriptor')
    engine.report({ kind: 'over-put', at: call.at, resource: held, use: `${name}()`, origin: null }, frame, state);
  if (held && held.count > 1) return withResource(state, held, { ...held, count: held.count - 1 });
  if (held) {
    const released = withResource(state, held, { ...held, status: 'released', end: done });
    return isLast(kind, held) ? freeObject(released, handle) : released;
  }
  const before = own.find((resource) => resource.status === 'released');
  // An attachment that is gone cannot be unpinned or unmapped any more.
  if (!before) useValue(engine, handle, state, frame, call.at, `${name}()`);
  // Of a buffer that was handed in, nobody here knows how many references there are.
  const isCounted = kind !== 'reference' || before?.api === 'dma_buf_get' || before?.api === 'dma_buf_export';
  // What get_dma_buf() took here is put already: this put is of a reference that came with the buffer.
  const isForeign = before?.api === 'get_dma_buf' && own.every(({ count }) => count > 0);
  // An array is taken for one of its elements: two of them look the same.
  if (before && ((!isCounted && !isForeign) || call.arguments.some(hasIndex))) return state;
  if (before && isCounted) {
    engine.report(
      { kind: 'double-release', at: call.at, resource: before, use: `${name}()`, origin: null },
      frame,
      state,
    );
    return state;
  }
  const origin = engine.origins.get(handle);
  if (origin && (state.signs.get(handle) ?? 7) === bad)
    engine.report({ kind: 'error-pointer', at: call.at, resource: null, use: `${name}()`, origin }, frame, state);
  const resource = resourceOf(context, kind, handle, { status: 'released', count: 0, end: done });
  const after = { ...state, resources: [...state.resources, resource] };
  return kind === 'attachment' ? freeObject(after, handle) : after;
}

/** Whether an expression names one element of an array. */
export function hasIndex(expression: Expression): boolean {
  return expression.kind === 'index' || subexpressions(expression).some(hasIndex);
}

/** After a detach the attachment is freed; after the put of a reference taken here the buffer may be. */
function isLast(kind: ResourceKind, held: Resource): boolean {
  return (
    kind === 'attachment' ||
    (kind === 'reference' && (held.api === 'dma_buf_get' || held.api === 'dma_buf_export') && held.status === 'held')
  );
}

function constantName(argument: Expression | undefined): string | null {
  return argument?.kind === 'name' && /^DMA_[A-Z_]+$/.test(argument.name) ? argument.name : null;
}
