import type { Expression } from '../../c/index.js';
import type { Guess } from './guess.js';
import { PersistentMap } from './persistent-map.js';
import type { CodePlace, Resource } from './resource.js';
import { anySign, bad, good, type Signs, type Value, zero } from './value.js';

/** A call that runs when its scope is left: that of `__free(x)` or of a guard. */
export interface Cleanup {
  /** How many scopes are open where the variable is declared. */
  readonly depth: number;
  /** Key of the variable in {@link State.variables}. */
  readonly variable: string;
  /** What runs: the x of `__free(x)`, or the function that drops a guard's lock. */
  readonly action: string;
}

/** One decision of a path, for the trace: what was decided, and where. */
export type Decision = CodePlace &
  (
    | { readonly kind: 'test'; readonly test: Expression; readonly answer: boolean }
    /** A branch of an `#if` group, and the first condition of the group. */
    | { readonly kind: 'variant'; readonly condition: string; readonly group: string }
    /** A pin that moves the buffer and runs its caller's callback. */
    | { readonly kind: 'moved'; readonly callback: string }
  );

/** What is known at one point of one path. It never changes: each step makes a new one. */
export interface State {
  /** Local variables by `${frame id}:${name}`, others by `global:${name}`. */
  readonly variables: PersistentMap<string, Value>;
  /** Members of objects, by `${object}.${member}`. */
  readonly heap: PersistentMap<string, Value>;
  /** The signs that a value can have; a value that is not listed can have any. */
  readonly signs: PersistentMap<Value, Signs>;
  readonly resources: readonly Resource[];
  /** Values that code outside of the function may hold, too. */
  readonly shared: PersistentMap<Value, true>;
  /** Objects that were freed. */
  readonly freed: PersistentMap<Value, true>;
  /** The object in which an object is embedded: what container_of() leads back to. */
  readonly wholes: PersistentMap<Value, Value>;
  /** What else is known, by keys of {@link answerKeys}. */
  readonly answers: PersistentMap<string, boolean | number>;
  readonly cleanups: readonly Cleanup[];
  /** How many scopes are open. */
  readonly depth: number;
  readonly decisions: readonly Decision[];
  /** The answers that the path has guessed. */
  readonly guesses: readonly Guess[];
}

/** The keys of {@link State.answers}, one function for each kind of thing that is remembered there. */
export const answerKeys = {
  /** Whether a condition of an `#if` holds, or a part of one. */
  variant: (condition: string): string => `#${condition}`,
  /** The condition of such a key; undefined for any other key. */
  variantOf: (key: string): string | undefined => (key.startsWith('#') ? key.slice(1) : undefined),
  /** What the path answered to a test, by its text, the last time. */
  decided: (frame: string, test: string): string => `decided:${frame}:${test}`,
  /** The named constant that a value was found to be, by what it was counted from and how far. */
  constant: (base: Value, offset: number): string => `constant:${base}:${offset}`,
  /** How far the value of such a key was counted from a base; undefined for any other key. */
  offsetFrom: (key: string, base: Value): number | undefined =>
    key.startsWith(`constant:${base}:`) ? Number(key.slice(key.lastIndexOf(':') + 1)) : undefined,
  /** Whether an object is filled with zeros where nothing has been stored. */
  zeroed: (object: Value): string => `zeroed:${object}`,
  /** How many references a kref has, where the path saw its kref_init(). */
  references: (kref: Value): string => `kref:${kref}`,
  /** The object of such a key; undefined for any other key. */
  countedObject: (key: string): Value | undefined => (key.startsWith('kref:') ? Number(key.slice(5)) : undefined),
  /** Whether a callee that returned this got a counted object. */
  lent: (object: Value, result: Value): string => `lent:${object}:${result}`,
  /** What the callee of such a key returned; undefined for any other key. */
  resultOfLoan: (key: string, object: Value): Value | undefined =>
    key.startsWith(`lent:${object}:`) ? Number(key.slice(key.lastIndexOf(':') + 1)) : undefined,
  /** How many references of its own the path has of a counted object; false where it does not know any more. */
  ownReferences: (object: Value): string => `own:${object}`,
  /** The object of such a key; undefined for any other key. */
  ownObject: (key: string): Value | undefined => (key.startsWith('own:') ? Number(key.slice(4)) : undefined),
  /** Whether the path found such an object by a handle. */
  lookedUp: (object: Value): string => `looked up:${object}`,
  /** Whether an exporter's `.release` put one of these references. */
  putByRelease: (object: Value): string => `put by release:${object}`,
  /** Whether the last put of an object freed this on the path. */
  freedByPut: (object: Value): string => `freed by put:${object}`,
  /** Whether an exporter's `.release` freed an object on this path. */
  freedByRelease: (object: Value): string => `freed by release:${object}`,
  /** The dma-buf whose descriptor user space can close from here on, by what goes with it: the dma-buf, and what its `.release` frees. */
  published: (object: Value): string => `published:${object}`,
  isPublished: (key: string): boolean => key.startsWith('published:'),
  /** Whether a buffer from a call that was not followed was passed to another such call. */
  passedOn: (buffer: Value): string => `passed on:${buffer}`,
  /** Whether a reference of a dma-buf was put that its descriptor has. */
  overPut: (buffer: Value): string => `over-put:${buffer}`,
  /** Whether the vmap failed that was to fill a map. */
  unfilled: (map: Value): string => `unfilled:${map}`,
  /** Whether a number was reserved for a descriptor, or copied to user space since. */
  reserved: (descriptor: Value): string => `reserved:${descriptor}`,
  told: (descriptor: Value): string => `told:${descriptor}`,
  /** Whether the path has a descriptor, or an object whose references it counts. */
  watched: 'watched',
  /** How many locks of other kinds than the reservation lock this path holds. */
  otherLocks: 'other locks',
  /** How many locks of other kinds this path has taken so far. */
  locksTaken: 'locks taken',
  /** When a test decided about what a place holds, by {@link momentOf}. */
  asked: (value: Value): string => `asked:${value}`,
  /** Whether a flag is set in a word that the path has found so. */
  flag: (word: Value, flag: Value): string => `flag:${word}:${flag}`,
  /** When a word of flags was last changed or tested bit by bit, by {@link momentOf}. */
  bitsSeen: (place: string): string => `bits:${place}`,
  /** What a conversion function returned for a value: it returns the same again. */
  conversion: (name: string, types: readonly string[], of: Value): string => `convert:${name}:${types.join(',')}:${of}`,
  /** How often a member or a file-level variable of this name was written. */
  written: (name: string): string => `written:${name}`,
  isWritten: (key: string): boolean => key.startsWith('written:'),
  /** How many calls a path has made that may change a list. */
  relinked: 'relinked',
  /** How often lists may have changed before a path came to the head of a loop. */
  roundBegun: (frame: string, at: number): string => `round:${frame}:${at}`,
  /** How many calls were not followed that may have written anything. */
  unseenCalls: 'calls out of sight',
  /** What a look-up answered, after so many calls out of sight; null for the last answer. */
  lookUp: (question: string, unseenCalls: number | boolean | null): string => `look-up:${question}:${unseenCalls}`,
  /** Two answers to one question, with a call out of sight in between. */
  askedAgain: (first: Value, second: Value): string => `again:${first}:${second}`,
  /** The two answers of such a key; undefined for any other key. */
  pairOf(key: string): readonly [Value, Value] | undefined {
    if (!key.startsWith('again:')) return undefined;
    const [, first, second] = key.split(':');
    return [Number(first), Number(second)];
  },
  /** The object outside that may hold a further reference of a buffer. */
  keeper: (buffer: Value): string => `keeper:${buffer}`,
  /** Whether a reference of a buffer was dropped through the member of such an object, `dma_buf_put(entry->dmabuf)`. */
  putThroughKeeper: (buffer: Value): string => `put through keeper:${buffer}`,
  /** Whether such an object holds a buffer no more, so that its reference is the path's to drop. */
  leftByKeeper: (buffer: Value): string => `left by keeper:${buffer}`,
  /** How many resources the path had when it last wrote a member or a file-level variable of this name. */
  noted: (name: string): string => `noted:${name}`,
  /** What a function answered that asks what an object is: it answers the same again. */
  question: (name: string, of: readonly Value[]): string => `ask:${name}:${of.join(',')}`,
  /** The value that a value is equal to. */
  equal: (value: Value): string => `equal:${value}`,
  /** Whether one value is less than another. */
  less: (low: Value, high: Value): string => `${low}<${high}`,
  /** Whether two values are equal. */
  same: (left: Value, right: Value): string => `${Math.min(left, right)}==${Math.max(left, right)}`,
  /** Which lock event, by its index, is a call that leaves it to the caller whether the lock of an object is held. */
  lockOpen: (kind: 'required' | 'forbidden', object: Value): string => `lock ${kind}:${object}`,
  /** Whether the path has made any such call. */
  anyLockOpen: (kind: 'required' | 'forbidden'): string => `any lock ${kind}`,
  /** The same by the place that holds the object: code that cannot be followed may have filled the place again. */
  lockOpenAt: (kind: 'required' | 'forbidden', place: string): string => `lock of place ${kind}:${place}`,
  /** The object of such a key; undefined for any other key. */
  objectOfOpenLock: (kind: 'required' | 'forbidden', key: string): Value | undefined =>
    key.startsWith(`lock ${kind}:`) ? Number(key.slice(key.indexOf(':') + 1)) : undefined,
  /** The two values of a key of `less` or `same`; undefined for any other key. */
  compared(key: string): { readonly left: Value; readonly operator: string; readonly right: Value } | undefined {
    // Few keys begin with a number.
    const first = key.charCodeAt(0);
    const [, left, operator = '', right] = first >= 48 && first <= 57 ? (/^(\d+)(<|==)(\d+)$/.exec(key) ?? []) : [];
    return left === undefined ? undefined : { left: Number(left), operator, right: Number(right) };
  },
  /** Whether the path is in the release function of a put that may be the last one. */
  inLastPut: 'in a put that may be the last',
  /** Whether a lock context of this path holds the lock of an object. */
  lockedInContext: (object: Value): string => `locked in context:${object}`,
  /** The object of such a key; undefined for any other key. */
  objectInContext: (key: string): Value | undefined =>
    key.startsWith('locked in context:') ? Number(key.slice(key.indexOf(':') + 1)) : undefined,
  /** Whether a call that cannot be followed may have taken or dropped the reservation lock. */
  hiddenLock: 'a lock that may be hidden',
  /** Whether a call that was not followed, and whose name says nothing of a lock, got a value. */
  passedUnseen: (value: Value): string => `passed unseen:${value}`,
  /** The value of such a key; undefined for any other key. */
  valuePassed: (key: string): Value | undefined =>
    key.startsWith('passed unseen:') ? Number(key.slice(14)) : undefined,
  /** Whether an error is that of a lock call which a signal interrupted. */
  interrupted: (error: Value): string => `interrupted:${error}`,
  /** Whether a count decided that the path takes a lock: the same count may later decide that the path keeps it. */
  nestedLock: 'a lock that a count nests',
  /** Whether a loop that takes the reservation locks of what a list holds was left without a round. */
  skippedLocks: 'a loop of locks that had no round',
} as const;

/** The state in which nothing is known. */
export const emptyState: State = {
  variables: new PersistentMap(),
  heap: new PersistentMap(),
  signs: new PersistentMap(),
  resources: [],
  shared: new PersistentMap(),
  freed: new PersistentMap(),
  wholes: new PersistentMap(),
  answers: new PersistentMap(),
  cleanups: [],
  depth: 0,
  decisions: [],
  guesses: [],
};

/**
 * The state with some parts replaced. All states are made here: objects that are made with a spread, each at its own place
 * in the code, have as many hidden classes in V8 as there are places, and nothing that reads them is fast then.
 */
export function stateWith(state: State, changes: Partial<State>): State {
  return {
    variables: changes.variables ?? state.variables,
    heap: changes.heap ?? state.heap,
    signs: changes.signs ?? state.signs,
    resources: changes.resources ?? state.resources,
    shared: changes.shared ?? state.shared,
    freed: changes.freed ?? state.freed,
    wholes: changes.wholes ?? state.wholes,
    answers: changes.answers ?? state.answers,
    cleanups: changes.cleanups ?? state.cleanups,
    depth: changes.depth ?? state.depth,
    decisions: changes.decisions ?? state.decisions,
    guesses: changes.guesses ?? state.guesses,
  };
}

/** The signs that a value can have. */
export function signsOf(state: State, value: Value): Signs {
  return state.signs.get(value) ?? anySign;
}

/** Whether a value is true; null where it may be 0 or not. */
export function truthOf(state: State, value: Value): boolean | null {
  const signs = signsOf(state, value);
  return signs === zero ? false : (signs & zero) === 0 ? true : null;
}

/** Whether a value can only be an error pointer or a negative number. */
export function isError(state: State, value: Value): boolean {
  return signsOf(state, value) === bad;
}

/** Whether a value can be anything but zero, NULL or an error. */
export function mayBeGood(state: State, value: Value): boolean {
  return (signsOf(state, value) & good) !== 0;
}

/** Whether a value can be zero or NULL. */
export function mayBeZero(state: State, value: Value): boolean {
  return (signsOf(state, value) & zero) !== 0;
}

/** The state in which a value has one of these signs, or undefined where it can have none of them. */
export function assume(state: State, value: Value, signs: Signs): State | undefined {
  const known = signsOf(state, value);
  const left = known & signs;
  if (left === 0) return undefined;
  return left === known ? state : stateWith(state, { signs: state.signs.with(value, left) });
}

/** The state with one resource replaced. */
export function withResource(state: State, old: Resource, changed: Resource): State {
  return stateWith(state, { resources: state.resources.map((resource) => (resource === old ? changed : resource)) });
}

/** Whether a call on this path may have taken or dropped the reservation lock unseen. */
export function mayHideLock(state: State): boolean {
  return state.answers.has(answerKeys.hiddenLock);
}

/** The state after a write to a member or a file-level variable: look-ups that read it are asked anew. */
export function noteWrite(state: State, name: string | null): State {
  const key = name === null ? answerKeys.unseenCalls : answerKeys.written(name);
  const after = stateWith(state, { answers: state.answers.with(key, Number(state.answers.get(key) ?? 0) + 1) });
  return noteStore(after, name);
}

/** The state after a path has stored something in a member: it may speak of what the path has acquired before. */
export function noteStore(state: State, name: string | null): State {
  if (name === null) return state;
  return stateWith(state, { answers: state.answers.with(answerKeys.noted(name), state.resources.length) });
}

/** Whether a path has written a member of this name since it acquired a resource. */
export function wasWrittenAfter({ answers, resources }: State, member: string, resource: Resource): boolean {
  return Number(answers.get(answerKeys.noted(member)) ?? 0) > resources.indexOf(resource);
}

/** The state after a path has changed what it keeps in a member: it may speak of any step, that of a later one included. */
export function noteChange(state: State, name: string | null): State {
  if (name === null) return state;
  return stateWith(state, { answers: state.answers.with(answerKeys.noted(name), Number.MAX_SAFE_INTEGER) });
}

/** The state after a lock was taken that is no reservation lock. */
export function noteLockTaken(state: State): State {
  const taken = Number(state.answers.get(answerKeys.locksTaken) ?? 0) + 1;
  return stateWith(state, { answers: state.answers.with(answerKeys.locksTaken, taken) });
}

/**
 * A number that is greater after code out of sight, or another thread, may have written to objects that others know: after
 * a call that was not followed, and after a lock was taken.
 */
export function momentOf({ answers }: State): number {
  return Number(answers.get(answerKeys.unseenCalls) ?? 0) + Number(answers.get(answerKeys.locksTaken) ?? 0);
}

/** Whether an object is filled with zeros where nothing has been stored. */
export function isZeroed({ answers }: State, object: Value): boolean {
  return answers.get(answerKeys.zeroed(object)) === true;
}

/** Whether a path has written no member that another path has not written as often: an object shows no difference. */
export function writesAlike({ answers }: State, other: State): boolean {
  for (const [key, times] of answers) if (answerKeys.isWritten(key) && other.answers.get(key) !== times) return false;
  return true;
}
