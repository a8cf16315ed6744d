import { resourceLives } from '../../kernel/index.js';
import { isAssumed } from '../descriptors/assumed-reference.js';
import { mayWait, publishedReference } from '../descriptors/published.js';
import type { CallFrame, Engine } from '../model/engine.js';
import type { CodePlace, Resource } from '../state/resource.js';
import { answerKeys, type State, signsOf } from '../state/state.js';
import { bad, type Value } from '../state/value.js';

/** Where and how a value is used. */
export interface Use {
  readonly at: number;
  /** The call or access, as text for people: `dma_buf_put()`, `->size`. */
  readonly use: string;
  /** Whether an error pointer is not to be reported here. */
  readonly isExcused?: boolean;
}

/** Reports the use of a value that can only be an error pointer, or whose object was released. */
export function useValue(engine: Engine, value: Value, state: State, frame: CallFrame, used: Use): void {
  const { at } = used;
  const origin = engine.origins.get(value);
  if (origin && !used.isExcused && signsOf(state, value) === bad) useError(engine, value, state, frame, used);
  const published = publishedReference(state, value);
  if (published) {
    const isDoubtful = isAssumed(published) || mayWait(engine, state, value, frame);
    const event = { kind: 'use-after-publish', at, resource: published, use: used.use, origin: null } as const;
    engine.report({ ...event, isDoubtful }, frame, state);
  }
  const put = foundReferencePut(state, value);
  if (put) {
    const event = { kind: 'use-after-release', at, resource: put, use: used.use, origin: null } as const;
    engine.report({ ...event, isDoubtful: true }, frame, state);
  }
  if (!state.freed.has(value)) return;
  const resource = state.resources.find(
    ({ kind, handle, status }) => handle === value && status === 'released' && resourceLives[kind].endsHandle,
  );
  if (resource) engine.report({ kind: 'use-after-release', at, resource, use: used.use, origin: null }, frame, state);
}

/** Reports the use of an error pointer that a call of the API returned. */
export function useError(engine: Engine, error: Value, state: State, frame: CallFrame, { at, use }: Use): void {
  const origin = engine.origins.get(error) ?? null;
  const asked = engine.askedForError.get(error);
  const isAsked = asked !== undefined && isBefore(asked, at, frame);
  engine.report(
    { kind: 'error-pointer', at, resource: null, use, origin, ...(isAsked && { askedAt: asked }) },
    frame,
    state,
  );
}

/** Whether a place comes before an offset of a frame, as far as the text tells: it may stand in a function that called it. */
function isBefore({ path, at }: CodePlace, offset: number, { ref, from }: CallFrame): boolean {
  if (path === ref.path && ref.outline.start <= at && at < ref.outline.end) return at < offset;
  return !from || isBefore({ path, at }, from.at, from.frame);
}

/**
 * The reference of a buffer that the path found and put, where it knows of no other one: the buffer may be gone. Undefined
 * where the buffer is still kept, as far as the code shows.
 */
function foundReferencePut({ resources, answers }: State, buffer: Value): Resource | undefined {
  const own = resources.filter(({ kind, handle }) => kind === 'reference' && handle === buffer);
  const put = own.find(({ count, status, isElement }) => count === 0 && status === 'released' && !isElement);
  const isHeld = own.some(({ status }) => status !== 'released') || answers.has(answerKeys.keeper(buffer));
  return isHeld ? undefined : put;
}
