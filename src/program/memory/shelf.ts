import type { FunctionUnit } from '../../c/index.js';
import type { Form } from './kept/form.js';

/** Something that answers depend on: a fact of the tree, or another answer. */
export interface Source {
  readonly dependents: Set<Answer>;
  /** The fact; undefined for an answer. */
  readonly fact?: string;
}

/** What an answer depends on. */
export interface Dependencies {
  readonly sources: ReadonlySet<Source>;
  /** The settings that were read, with the values that they had. */
  readonly settings: ReadonlyMap<string, string | undefined>;
  /** The functions met that cannot be parsed as a whole. */
  readonly marks: ReadonlySet<FunctionUnit>;
}

/** An answer that is kept. */
export interface Answer extends Source, Dependencies {
  readonly key: string;
  readonly value: unknown;
  /** How it is kept for later runs; undefined where it is not. */
  readonly form: Form<unknown> | undefined;
  /** Where an earlier run made it: what that run kept. */
  readonly earlier?: EarlierAnswer;
}

/** A function: its file, and its offset there. */
export type MarkPlace = readonly [path: string, start: number];

/** An answer of an earlier run that is still true. */
export interface EarlierAnswer extends Source {
  readonly sources: ReadonlySet<Source>;
  readonly settings: Dependencies['settings'];
  readonly packed: Uint8Array;
  /** Where the functions begin that were met and cannot be parsed as a whole. */
  readonly marked: readonly MarkPlace[];
  /** Parses these functions again. */
  parseMarked(): ReadonlySet<FunctionUnit>;
  /** The facts that it depends on, by itself or through other answers, and those of all that were asked before. */
  reached(): ReadonlySet<string>;
  /** Makes its value again. */
  value(form: Form<unknown>): unknown;
}

/** Where answers are kept. */
export interface Shelf {
  readonly answers: Map<string, Answer>;
  readonly facts: Map<string, Source>;
  /** The analysis that may keep answers here. Null where answers do not outlive the analysis: no facts are noted then. */
  owner: object | null;
  /** Whether facts can be forgotten here, so that it must be known what depends on each. */
  readonly forgets: boolean;
}

/** An empty shelf. */
export function createShelf(owner: object | null, forgets = true): Shelf {
  return { answers: new Map(), facts: new Map(), owner, forgets };
}

/** Takes an answer off the shelf, and all answers that were made from it. */
export function drop(shelf: Shelf, first: Answer): void {
  const stack = [first];
  for (let answer = stack.pop(); answer; answer = stack.pop()) {
    if (shelf.answers.get(answer.key) === answer) shelf.answers.delete(answer.key);
    if (!shelf.forgets) return;
    for (const source of answer.sources) source.dependents.delete(answer);
    stack.push(...answer.dependents);
    answer.dependents.clear();
  }
}

/** Takes off all answers that depend on any of some facts. */
export function dropDependents(shelf: Shelf, facts: Iterable<string>): void {
  for (const fact of facts) {
    const source = shelf.facts.get(fact);
    if (source) for (const answer of [...source.dependents]) drop(shelf, answer);
  }
  for (const [fact, { dependents }] of shelf.facts) if (dependents.size === 0) shelf.facts.delete(fact);
}

const noSources: ReadonlySet<Source> = new Set();
/** Of all sources of a shelf that forgets nothing. */
export const noDependents = new Set<Answer>();
const noSettings: ReadonlyMap<string, string | undefined> = new Map();
/** Of an answer for which no function was met that cannot be parsed as a whole. */
export const noMarks: ReadonlySet<FunctionUnit> = new Set();

/** An answer that was just made, under its key. */
export type Made = Pick<Answer, 'key' | 'value' | 'form'>;

/** Puts an answer on the shelf. Where no facts are noted, all answers share one empty set of sources and dependents. */
export function keep(shelf: Shelf, { key, value, form }: Made, { sources, settings, marks }: Dependencies): Answer {
  const isLinked = shelf.owner !== null && shelf.forgets;
  const answer: Answer = {
    key,
    value,
    form,
    sources: shelf.owner ? sources : noSources,
    settings: settings.size > 0 ? settings : noSettings,
    marks: marks.size > 0 ? marks : noMarks,
    dependents: isLinked ? new Set() : noDependents,
  };
  if (isLinked) for (const source of sources) source.dependents.add(answer);
  shelf.answers.set(key, answer);
  return answer;
}

/** The source that stands for a fact. */
export function sourceOf({ facts, forgets }: Shelf, fact: string): Source {
  let source = facts.get(fact);
  if (!source) {
    source = { dependents: forgets ? new Set() : noDependents, fact };
    facts.set(fact, source);
  }
  return source;
}
