import type { FunctionUnit } from '../../c/index.js';
import type { Form } from './kept/form.js';
import {
  type Answer,
  createShelf,
  drop,
  dropDependents,
  type EarlierAnswer,
  keep,
  noDependents,
  noMarks,
  type Shelf,
  type Source,
  sourceOf,
} from './shelf.js';

/**
 * Remembers the answers to questions about a tree. While an answer is made, it is noted what the answer depends on, so
 * that it can be kept for a tree that differs in few files: a change drops the answers that depend on it, and no others.
 */
export interface Memory {
  /**
   * The answer to a question: the known one, or a new one. The key tells the question from every other.
   * @param form how it is kept for later runs, where those may have it
   */
  recall<T>(key: string, make: () => T, form?: Form<T>): T;
  /** The key of a question about something: the same text each time, which is found faster than an equal one. */
  keyOf(question: string, about: string): string;
  /** Says that the answer being made depends on a fact of the tree. */
  note(fact: string): void;
  /** The value of a setting of the analysis. The answer being made depends on it. */
  setting(name: string): string | undefined;
  /** Changes a setting. Answers that depend on another value of it are made anew. */
  set(name: string, value: string): void;
  /** Says that a function was met which cannot be parsed as a whole: here, and wherever the answer being made is used. */
  mark(unit: FunctionUnit): void;
  /** The functions of that kind met so far. */
  marks(): ReadonlySet<FunctionUnit>;
  /** Takes answers that another thread made about the same tree. @param open given the source that stands for each fact */
  adopt(open: (sourceOfFact: (fact: string) => Source) => EarlierAnswers): void;
  /** Every answer so far. */
  answers(): Iterable<Source>;
}

/** Keeps answers from one tree to the next. */
export interface LastingMemory {
  /** Begins the analysis of a tree. The analyses before it can no longer keep answers here. */
  begin(): Memory;
  /** Forgets every answer that depends on one of these facts. */
  forget(facts: Iterable<string>): void;
  /** Forgets every answer. */
  forgetAll(): void;
}

/** Creates the memory of a single analysis. */
export function createMemory(): Memory {
  return openMemory(createShelf(null), null);
}

/** What earlier runs found out that is still true. */
export interface EarlierAnswers {
  get(key: string): EarlierAnswer | undefined;
}

/** The memory of one analysis, whose answers are kept for later runs. */
export interface KeptMemory extends Memory {
  /** What the analysis depends on so far: facts, and answers with what they depend on. It only grows. */
  used(): ReadonlySet<Source>;
  /** How many answers that can be kept were made, and not taken from earlier runs. */
  made(): number;
}

/**
 * Creates the memory of one analysis that begins with the answers of earlier runs.
 * @param earlier given the source that stands for each fact
 */
export function createKeptMemory(earlier: (sourceOfFact: (fact: string) => Source) => EarlierAnswers): KeptMemory {
  const shelf = createShelf({}, false);
  const stack = createMakingStack(true);
  const root = stack.begin();
  let made = 0;
  const memory = openMemory(shelf, shelf.owner, {
    stack,
    onMade: () => made++,
    earlier: earlier((fact) => sourceOf(shelf, fact)),
  });
  return { ...memory, used: () => root.sources, made: () => made };
}

/** Creates the memory of several analyses of almost the same tree. */
export function createLastingMemory(): LastingMemory {
  const shelf = createShelf(null);
  return {
    begin() {
      shelf.owner = {};
      return openMemory(shelf, shelf.owner);
    },
    forget: (facts) => dropDependents(shelf, facts),
    forgetAll() {
      shelf.answers.clear();
      shelf.facts.clear();
    },
  };
}

/** What an answer that is being made has been found to depend on so far. */
interface Making {
  readonly sources: Set<Source>;
  readonly settings: Map<string, string | undefined>;
  readonly marks: Set<FunctionUnit>;
}

interface MemoryParts {
  readonly stack?: MakingStack;
  readonly earlier?: EarlierAnswers;
  /** Called for each answer that can be kept and was made. */
  readonly onMade?: () => void;
}

function openMemory(
  shared: Shelf,
  owner: object | null,
  { stack = createMakingStack(owner !== null), earlier, onMade }: MemoryParts = {},
): Memory {
  let shelf = shared;
  const settings = new Map<string, string>();
  const met = new Set<FunctionUnit>();
  const adopted: EarlierAnswers[] = [];

  /** The answer being made depends on an answer, and on what that depends on. */
  const use = (answer: Answer): void => {
    const making = stack.current();
    for (const unit of answer.marks) {
      met.add(unit);
      making?.marks.add(unit);
    }
    if (!making) return;
    if (owner) making.sources.add(answer);
    for (const [name, value] of answer.settings) making.settings.set(name, value);
  };

  /** The answer of an earlier run, or else of another thread. */
  const made = (key: string): EarlierAnswer | undefined => {
    const known = earlier?.get(key);
    if (known) return known;
    for (const others of adopted) {
      const found = others.get(key);
      if (found && isCurrent(found, settings)) return found;
    }
    return undefined;
  };

  return {
    recall<T>(key: string, make: () => T, form?: Form<T>): T {
      // The analysis of a later tree has taken the shelf over: this one goes on with a shelf of its own.
      if (shelf.owner !== owner) shelf = createShelf(owner);
      const known = shelf.answers.get(key) ?? (form && takeEarlier(shelf, settings, key, form, made(key)));
      if (known && isCurrent(known, settings)) {
        use(known);
        return known.value as T;
      }
      if (known) drop(shelf, known);
      const making = stack.begin();
      let value: T;
      try {
        value = make();
      } catch (error) {
        stack.abort(making);
        throw error;
      }
      stack.end();
      const answer = keep(shelf, { key, value, form: form as Form<unknown> | undefined }, making);
      stack.reuse(making);
      if (form) onMade?.();
      use(answer);
      return value;
    },
    keyOf: createKeys(),
    note(fact) {
      const making = stack.current();
      if (making && owner && shelf.owner === owner) making.sources.add(sourceOf(shelf, fact));
    },
    setting(name) {
      const value = settings.get(name);
      stack.current()?.settings.set(name, value);
      return value;
    },
    set: (name, value) => void settings.set(name, value),
    mark(unit) {
      stack.current()?.marks.add(unit);
      met.add(unit);
    },
    marks: () => met,
    adopt: (open) => void adopted.push(open((fact) => sourceOf(shelf, fact))),
    answers: () => shelf.answers.values(),
  };
}

/** Makes keys, each once. */
function createKeys(): Memory['keyOf'] {
  const keys = new Map<string, Map<string, string>>();
  return (question, about) => {
    let ofQuestion = keys.get(question);
    if (!ofQuestion) {
      ofQuestion = new Map();
      keys.set(question, ofQuestion);
    }
    let key = ofQuestion.get(about);
    if (key === undefined) {
      key = `${question}\0${about}`;
      ofQuestion.set(about, key);
    }
    return key;
  };
}

/** Puts an answer of an earlier run on the shelf; undefined where there is none, or its value cannot be made again. */
function takeEarlier<T>(
  { answers }: Shelf,
  settings: ReadonlyMap<string, string>,
  key: string,
  form: Form<T>,
  earlier: EarlierAnswer | undefined,
): Answer | undefined {
  if (!earlier || !isCurrent(earlier, settings)) return undefined;
  const general = form as Form<unknown>;
  let value: unknown;
  let marks = noMarks;
  try {
    value = earlier.value(general);
    if (earlier.marked.length > 0) marks = earlier.parseMarked();
  } catch {
    return undefined;
  }
  const answer = {
    key,
    value,
    form: general,
    // Most are never asked for.
    get sources() {
      return earlier.sources;
    },
    earlier,
    settings: earlier.settings,
    marks,
    dependents: noDependents,
  };
  answers.set(key, answer);
  return answer;
}

/** Whether the settings that an answer depends on have the same values still. */
function isCurrent(answer: Pick<Answer, 'settings'>, settings: ReadonlyMap<string, string>): boolean {
  for (const [name, value] of answer.settings) if (settings.get(name) !== value) return false;
  return true;
}

/** The answers that are being made, the innermost last. */
interface MakingStack {
  current(): Making | undefined;
  begin(): Making;
  end(): void;
  /** Ends an answer that could not be made: what catches the error depends on what the answer depended on. */
  abort(making: Making): void;
  /** Offers an empty record for the next answer. */
  reuse(making: Making): void;
}

function createMakingStack(notesSources: boolean): MakingStack {
  const stack: Making[] = [];
  // Most answers depend on no setting and meet no marked function: their records are used again.
  const spare: Making[] = [];
  return {
    current: () => stack.at(-1),
    begin() {
      const known = spare.pop();
      const isFree = known && !notesSources && known.settings.size === 0 && known.marks.size === 0;
      const making = isFree
        ? known
        : { sources: new Set<Source>(), settings: new Map(), marks: new Set<FunctionUnit>() };
      stack.push(making);
      return making;
    },
    end: () => void stack.pop(),
    abort({ sources, settings, marks }) {
      stack.pop();
      const outer = stack.at(-1);
      if (!outer) return;
      for (const source of sources) outer.sources.add(source);
      for (const [name, value] of settings) outer.settings.set(name, value);
      for (const unit of marks) outer.marks.add(unit);
    },
    reuse: (making) => void spare.push(making),
  };
}
