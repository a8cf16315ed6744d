import type { FunctionUnit } from '../../c/index.js';

/**
 * Answers to questions about a tree. What an answer was made from is noted while it is made, so that it can be kept for
 * a tree that differs in a few files: a change takes away the answers that it touches, and no others.
 */
export interface Memory {
  /** The answer to a question: the one that is known, or a new one. The key tells the question from every other. */
  recall<T>(key: string, make: () => T): T;
  /** Says that the answer being made depends on a fact of the tree. */
  note(fact: string): void;
  /** The value of a setting of the analysis; the answer being made depends on it. */
  setting(name: string): string | undefined;
  /** Changes a setting: what was answered under another value of it is asked anew. */
  set(name: string, value: string): void;
  /** Remembers a function that cannot be parsed as a whole; it counts as met wherever the answer being made is used. */
  mark(unit: FunctionUnit): void;
  /** The functions of that kind met so far. */
  marks(): ReadonlySet<FunctionUnit>;
}

/** What answers from an earlier tree are kept in. */
export interface LastingMemory {
  /** Begins the analysis of a tree: only who came last may keep answers here. */
  begin(): Memory;
  /** Forgets every answer that depends on one of these facts. */
  forget(facts: Iterable<string>): void;
  forgetAll(): void;
}

/** Something that answers depend on. */
interface Source {
  readonly dependents: Set<Answer>;
}

interface Answer extends Source {
  readonly key: string;
  readonly value: unknown;
  readonly sources: ReadonlySet<Source>;
  readonly settings: ReadonlyMap<string, string | undefined>;
  readonly marks: ReadonlySet<FunctionUnit>;
}

/** What an answer that is being made has been found to depend on so far. */
interface Making {
  readonly sources: Set<Source>;
  readonly settings: Map<string, string | undefined>;
  readonly marks: Set<FunctionUnit>;
}

function addAll(to: Making | undefined, { sources, settings, marks }: Making): void {
  if (!to) return;
  for (const source of sources) to.sources.add(source);
  for (const [name, value] of settings) to.settings.set(name, value);
  for (const unit of marks) to.marks.add(unit);
}

interface Shelf {
  readonly answers: Map<string, Answer>;
  readonly facts: Map<string, Source>;
  /** Null where nothing is kept for later: then no facts need be noted. */
  owner: object | null;
}

/** The memory of one analysis by itself. */
export function createMemory(): Memory {
  return openShelf({ answers: new Map(), facts: new Map(), owner: null }, null);
}

export function createLastingMemory(): LastingMemory {
  const shelf: Shelf = { answers: new Map(), facts: new Map(), owner: null };
  const forgetAll = (): void => {
    shelf.answers.clear();
    shelf.facts.clear();
  };
  return {
    begin() {
      shelf.owner = {};
      return openShelf(shelf, shelf.owner);
    },
    forget(facts) {
      for (const fact of facts) {
        const source = shelf.facts.get(fact);
        if (source) for (const answer of [...source.dependents]) drop(shelf, answer);
      }
      for (const [fact, { dependents }] of shelf.facts) if (dependents.size === 0) shelf.facts.delete(fact);
    },
    forgetAll,
  };
}

/** Takes an answer away, and all that was made from it. */
function drop(shelf: Shelf, first: Answer): void {
  const stack = [first];
  for (let answer = stack.pop(); answer; answer = stack.pop()) {
    if (shelf.answers.get(answer.key) === answer) shelf.answers.delete(answer.key);
    for (const source of answer.sources) source.dependents.delete(answer);
    stack.push(...answer.dependents);
    answer.dependents.clear();
  }
}

const nothing: ReadonlySet<FunctionUnit> = new Set();
const noSources: ReadonlySet<Source> = new Set();
/** Where nothing is noted, nothing depends on anything. */
const noDependents = new Set<Answer>();
const noSettings: ReadonlyMap<string, string | undefined> = new Map();

function openShelf(shared: Shelf, owner: object | null): Memory {
  let shelf = shared;
  const settings = new Map<string, string>();
  const met = new Set<FunctionUnit>();
  const stack: Making[] = [];
  /** Most answers depend on no setting and have met nothing: what collects that is used again. */
  const spare: Making[] = [];
  const startMaking = (): Making => {
    const known = spare.pop();
    const isFree = known && known.settings.size === 0 && known.marks.size === 0;
    return isFree && !owner ? known : { sources: new Set(), settings: new Map(), marks: new Set() };
  };

  const isCurrent = ({ settings: old }: Answer): boolean => {
    for (const [name, value] of old) if (settings.get(name) !== value) return false;
    return true;
  };
  const use = (answer: Answer): void => {
    const making = stack.at(-1);
    for (const unit of answer.marks) {
      met.add(unit);
      making?.marks.add(unit);
    }
    if (!making) return;
    if (owner) making.sources.add(answer);
    for (const [name, value] of answer.settings) making.settings.set(name, value);
  };

  return {
    recall<T>(key: string, make: () => T): T {
      // A later tree has taken the shelf over: what is asked of this one now is its own affair.
      if (shelf.owner !== owner) shelf = { answers: new Map(), facts: new Map(), owner };
      const known = shelf.answers.get(key);
      if (known && isCurrent(known)) {
        use(known);
        return known.value as T;
      }
      if (known) drop(shelf, known);
      const making = startMaking();
      stack.push(making);
      let value: T;
      try {
        value = make();
        stack.pop();
      } catch (error) {
        stack.pop();
        addAll(stack.at(-1), making); // whoever catches this has seen as much
        throw error;
      }
      const answer: Answer = {
        key,
        value,
        sources: owner ? making.sources : noSources,
        settings: making.settings.size > 0 ? making.settings : noSettings,
        marks: making.marks.size > 0 ? making.marks : nothing,
        dependents: owner ? new Set() : noDependents,
      };
      if (owner) for (const source of making.sources) source.dependents.add(answer);
      spare.push(making);
      shelf.answers.set(key, answer);
      use(answer);
      return value;
    },
    note(fact) {
      const making = stack.at(-1);
      if (!making || !owner || shelf.owner !== owner) return;
      let source = shelf.facts.get(fact);
      if (!source) {
        source = { dependents: new Set() };
        shelf.facts.set(fact, source);
      }
      making.sources.add(source);
    },
    setting(name) {
      const value = settings.get(name);
      stack.at(-1)?.settings.set(name, value);
      return value;
    },
    set: (name, value) => void settings.set(name, value),
    mark(unit) {
      stack.at(-1)?.marks.add(unit);
      met.add(unit);
    },
    marks: () => met,
  };
}
