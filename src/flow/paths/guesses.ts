// What a path that has guessed can say: what each answer leads to, and what the guess has nothing to do with.

import type { Engine } from '../model/engine.js';
import type { FlowEvent, FlowExit } from '../model/results.js';
import { type Answers, type Guess, isWithin, withCommon } from '../state/guess.js';
import type { Resource } from '../state/resource.js';
import { type State, stateWith } from '../state/state.js';
import { leaksAt } from './leaks.js';

/** The paths that have come to one point in the same state: the first one, which goes on, and what each of them has guessed. */
export interface Joined {
  readonly first: State;
  readonly answers: Answers[];
}

/** Of more paths than these the others are not asked for. */
const mostPaths = 32;

/** Notes that a path has come to such a point. Where each answer to a guess leads to it, the guess is over. */
export function join(engine: Engine, joined: Joined | null, { guesses }: State): void {
  if (!joined || joined.answers.length >= mostPaths) return;
  const { first, answers } = joined;
  answers.push(answersOf(guesses.filter((one) => !isOver(engine, one))));
  const common = withCommon(answers);
  for (const one of first.guesses) {
    const others = answersOf(first.guesses.filter((other) => other !== one));
    if (common.some((set) => isWithin(set, others))) engine.guessesOver.add(one);
  }
}

/** The first path at a point; null where it has not guessed. */
export function joinedBy(engine: Engine, first: State): Joined | null {
  if (first.guesses.length === 0) return null;
  return { first, answers: [answersOf(first.guesses.filter((one) => !isOver(engine, one)))] };
}

function isOver({ guessesOver }: Engine, guess: Guess): boolean {
  for (let one: Guess | null = guess; one; one = one.since) if (guessesOver.has(one)) return true;
  return false;
}

const answersOf = (guesses: readonly Guess[]): Answers => new Map(guesses.map(({ test, answer }) => [test, answer]));

/** The events that are no matter of guesses. */
export function eventsTold(engine: Engine): readonly FlowEvent[] {
  const sets = new Map<FlowEvent, Answers>();
  for (const event of engine.events) {
    const state = engine.guessedAt.get(event);
    const open = state?.guesses.filter((one) => !isOver(engine, one) && concerns(engine, one, event, state)) ?? [];
    sets.set(event, answersOf(open));
  }
  const keyOf = ({ kind, path, at, resource, origin }: FlowEvent): string =>
    [kind, path, at, (resource ?? origin)?.path, (resource ?? origin)?.at].join('|');
  const told = keysTold(engine.events.map((event) => [keyOf(event), sets.get(event) ?? new Map()]));
  return engine.events.filter((event) => told.has(keyOf(event)));
}

/** Whether a guess may have to do with an event: what is misused was there before. */
function concerns({ origins }: Engine, guess: Guess, { resource, origin }: FlowEvent, { resources }: State): boolean {
  if (resource) {
    const index = resources.findIndex(({ kind, handle, path, at }) =>
      [kind === resource.kind, handle === resource.handle, path === resource.path, at === resource.at].every(Boolean),
    );
    return index < guess.resources;
  }
  if (!origin) return true;
  return [...origins].some(([error, made]) => made === origin && error < guess.test);
}

/** The keys that some path has without a guess, or that paths have for each answer. */
function keysTold(found: readonly (readonly [key: string, answers: Answers])[]): ReadonlySet<string> {
  const sets = new Map<string, Answers[]>();
  for (const [key, answers] of found) sets.set(key, [...(sets.get(key) ?? []), answers]);
  return new Set([...sets].flatMap(([key, all]) => (withCommon(all).some(({ size }) => size === 0) ? [key] : [])));
}

/** The exits, each with those of its resources of which nothing can be said since the path has guessed. */
export function exitsTold(engine: Engine, exits: readonly FlowExit[]): readonly FlowExit[] {
  if (exits.every(({ state }) => state.guesses.length === 0)) return exits;
  const keyOf = ({ kind, path, at }: Resource): string => `${kind}|${path}|${at}`;
  const setOf = ({ state: { guesses, resources } }: FlowExit, resource: Resource): Answers =>
    answersOf(guesses.filter((one) => resources.indexOf(resource) < one.noted && !isOver(engine, one)));
  const told = keysTold(
    exits.flatMap((exit) =>
      leaksAt(exit)
        .filter(({ isKnownOutside }) => !isKnownOutside)
        .map(({ resource }) => [keyOf(resource), setOf(exit, resource)] as const),
    ),
  );
  return exits.map((exit) => {
    const guessed = exit.state.resources.flatMap((one, index) =>
      setOf(exit, one).size > 0 && !told.has(keyOf(one)) ? [index] : [],
    );
    return { ...exit, state: stateWith(exit.state, { guesses: [] }), guessed };
  });
}
