import type { FunctionUnit } from '../../c/index.js';

/** Something that answers depend on: a fact of the tree, or another answer. */
export interface Source {
  readonly dependents: Set<Answer>;
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
}

/** Where answers are kept. */
export interface Shelf {
  readonly answers: Map<string, Answer>;
  readonly facts: Map<string, Source>;
  /** The analysis that may keep answers here. Null where answers do not outlive the analysis: no facts are noted then. */
  owner: object | null;
}

/** An empty shelf. */
export function createShelf(owner: object | null): Shelf {
  return { answers: new Map(), facts: new Map(), owner };
}

/** Takes an answer off the shelf, and all answers that were made from it. */
export function drop(shelf: Shelf, first: Answer): void {
  const stack = [first];
  for (let answer = stack.pop(); answer; answer = stack.pop()) {
    if (shelf.answers.get(answer.key) === answer) shelf.answers.delete(answer.key);
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
const noDependents = new Set<Answer>();
const noSettings: ReadonlyMap<string, string | undefined> = new Map();
const noMarks: ReadonlySet<FunctionUnit> = new Set();

/** Puts an answer on the shelf. Where no facts are noted, all answers share one empty set of sources and dependents. */
export function keep(shelf: Shelf, key: string, value: unknown, { sources, settings, marks }: Dependencies): Answer {
  const answer: Answer = {
    key,
    value,
    sources: shelf.owner ? sources : noSources,
    settings: settings.size > 0 ? settings : noSettings,
    marks: marks.size > 0 ? marks : noMarks,
    dependents: shelf.owner ? new Set() : noDependents,
  };
  if (shelf.owner) for (const source of sources) source.dependents.add(answer);
  shelf.answers.set(key, answer);
  return answer;
}

/** The source that stands for a fact. */
export function sourceOf({ facts }: Shelf, fact: string): Source {
  let source = facts.get(fact);
  if (!source) {
    source = { dependents: new Set() };
    facts.set(fact, source);
  }
  return source;
}
