// What does a function call, with its callees, and in which order?

import { type CallInBody, callsIn, type Statement, visitStatements } from '../../c/index.js';
import { isHarmless, isLibraryLeaf } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import type { ProgramPoint } from './program-point.js';

/** A call, or a loop that may wait, in a function or in one of its callees. */
export interface CodeEvent {
  readonly kind: 'call' | 'loop';
  /** The function called, the member called through, or the empty string for a loop. */
  readonly name: string;
  readonly point: ProgramPoint;
  /** The calls that lead from the first function to the function of this event, the outermost first. */
  readonly chain: readonly ProgramPoint[];
  /** Whether the tree does not define the function called, so that the call may do anything. */
  readonly isOpaque: boolean;
}

interface EventOptions {
  /** How many calls deep callees are followed. */
  readonly depth: number;
  /** Whether the caller looks for calls of this name: such a call is not followed further. */
  readonly isGoal: (name: string) => boolean;
}

/** What the calls on the way down have in common, and where the walk is. */
interface Walk extends EventOptions {
  readonly codebase: Codebase;
  readonly chain: readonly ProgramPoint[];
  /** The names of the functions of the chain by key, against recursion. */
  readonly open: ReadonlyMap<string, string>;
}

/**
 * Returns the calls and `while` loops of a function after an offset, in the order of the text. The events of a callee
 * follow its call.
 * @param from events at this offset or before are left out; -1 for the whole function
 */
export function eventsInOrder(
  codebase: Codebase,
  ref: FunctionRef,
  from: number,
  options: EventOptions,
): readonly CodeEvent[] {
  return eventsOf(
    { ...options, codebase, chain: [], open: new Map([[functionKey(ref), ref.outline.name]]) },
    ref,
    from,
  );
}

function eventsOf(walk: Walk, ref: FunctionRef, from: number): readonly CodeEvent[] {
  const { body } = walk.codebase.program.lower(ref);
  // The arguments of a call are evaluated before the call.
  const calls = callsIn(body)
    .filter(({ call }) => call.at > from)
    .sort((left, right) => left.call.end - right.call.end);
  const events = calls.flatMap((found) => eventsOfCall(walk, ref, found));
  const loops = loopsAfter(body, from).map(({ statement, around }): CodeEvent => {
    const point: ProgramPoint = { ref, at: statement.at, statement, around, call: null };
    return { kind: 'loop', name: '', point, chain: walk.chain, isOpaque: false };
  });
  return loops.length === 0 ? events : inOrder([...events, ...loops], walk.chain.length);
}

/** A call, and the events of the function that it calls. */
function eventsOfCall(walk: Walk, ref: FunctionRef, found: CallInBody): readonly CodeEvent[] {
  const { codebase, chain, open } = walk;
  const { call, statement, around } = found;
  const point: ProgramPoint = { ref, at: call.at, statement, around, call };
  const name = found.name ?? found.slot ?? '';
  const event = (isOpaque: boolean): CodeEvent => ({ kind: 'call', name, point, chain, isOpaque });
  if (walk.isGoal(name) || isHarmless(name) || isLibraryLeaf(name)) return [event(false)];
  const find = (): FunctionRef | undefined =>
    found.name === null ? undefined : codebase.definitions.find(found.name, ref.path);
  // The callee is not entered: its definition, which may take reading a whole module, is looked for only when somebody asks.
  if (chain.length >= walk.depth && ![...open.values()].some((name) => name === found.name))
    return [withOpacity(event(false), () => !find() && !isMacro(codebase, found, ref))];
  const target = find();
  if (!target) return [event(!isMacro(codebase, found, ref))];
  if (open.has(functionKey(target))) return [];
  if (chain.length >= walk.depth) return [event(false)];
  const inside: Walk = {
    ...walk,
    chain: [...chain, point],
    open: new Map([...open, [functionKey(target), target.outline.name]]),
  };
  return [event(false), ...eventsOf(inside, target, -1)];
}

/** An event that is found out to be opaque, or not, when that is asked. */
function withOpacity(event: CodeEvent, isOpaque: () => boolean): CodeEvent {
  let known: boolean | undefined;
  return {
    ...event,
    get isOpaque() {
      known ??= isOpaque();
      return known;
    },
  };
}

/** Sorts by the end of the call. The events of a callee keep the place of the call that leads to them. */
function inOrder(events: readonly CodeEvent[], depth: number): readonly CodeEvent[] {
  const endOf = (event: CodeEvent): number => {
    const { call, at } = event.chain[depth] ?? event.point;
    return call?.end ?? at;
  };
  return [...events].sort((left, right) => endOf(left) - endOf(right));
}

/** A macro has no definition as a function. Its body is in the tree, and seldom waits. */
function isMacro(codebase: Codebase, { name }: CallInBody, ref: FunctionRef): boolean {
  return name !== null && (/^[A-Z0-9_]+$/.test(name) || codebase.definitions.macro(name, ref.path) !== undefined);
}

function loopsAfter(body: readonly Statement[], from: number) {
  const loops: { readonly statement: Statement; readonly around: readonly Statement[] }[] = [];
  visitStatements(body, (statement, around) => {
    if ((statement.kind === 'while' || statement.kind === 'do') && statement.at > from)
      loops.push({ statement, around });
  });
  return loops;
}
