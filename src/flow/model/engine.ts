import type { Expression, FunctionUnit, Statement } from '../../c/index.js';
import type { EntryLock } from '../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';
import type { LockOfData } from '../callers/exported-data.js';
import type { Bits, Mask } from '../constants/known-words.js';
import type { Expansions } from '../expansion/expansions.js';
import type { ControlFlowGraph } from '../graph/model.js';
import type { LockingConvention } from '../locks/convention.js';
import type { Guess } from '../state/guess.js';
import type { CodePlace } from '../state/resource.js';
import type { State } from '../state/state.js';
import type { Signs, Value } from '../state/value.js';
import type { ErrorOrigin, FlowEvent, LockEvent } from './results.js';

/** One call on the stack: a function whose body is being followed. */
export interface CallFrame {
  readonly ref: FunctionRef;
  /** The body that is followed: that of the function, or that of a macro which it uses. */
  readonly unit: FunctionUnit;
  /** Prefix of the frame's variables in the state; no two calls on a path have the same one. */
  readonly id: string;
  /** Keys of the functions on the call stack, outermost first, this one included. */
  readonly stack: readonly string[];
  /** How much deeper than others its callees are followed: a release callback is called by the core, not by the function. */
  readonly spare: number;
  /** The call that led here, in the frame of the caller. Null for the function that is followed. */
  readonly from: CallerPlace | null;
}

/** A call, by the frame that makes it. */
export interface CallerPlace {
  readonly frame: CallFrame;
  /** 0-based offset of the call in the file of its frame. */
  readonly at: number;
}

/** One result of an expression: its value, and what is known afterwards. An expression has one for each of its paths. */
export interface Evaluated {
  readonly value: Value;
  readonly state: State;
}

/** Tells which callees must be followed. */
export interface Relevance {
  /** Whether the body of a function must be followed where it is called. */
  matters(ref: FunctionRef): boolean;
  /** Whether the body of a function must be followed where a path watches a descriptor or a counted object. */
  touchesWatched(ref: FunctionRef): boolean;
  /** Whether a function itself calls what is looked for. */
  isDirect(ref: FunctionRef): boolean;
}

/** How the reservation lock is followed through a function. */
export interface LockWatch {
  readonly convention: LockingConvention;
  /** Whether the lock is held when the function is entered. */
  readonly entry: EntryLock;
  /** The members that lead from the first parameter to the lock held on entry: `dmabuf`, `resv`. Null where none is. */
  readonly lockOfFirst: readonly string[] | null;
  /** Where the private data of the buffer has that lock, too. */
  readonly lockOfData?: LockOfData;
  /** The functions that calls through a slot lead to, by the slot's name. */
  readonly slots: ReadonlyMap<string, FunctionRef>;
  /** Whether a member of an ops table holds a function that leaves a lock held or dropped. */
  isLockingSlot(slot: string, path: string): boolean;
  /** The function that a name means in a file, or undefined where it does not matter to locks. */
  find(name: string, path: string): FunctionRef | undefined;
}

/** A value as a number more than another one, or less where the offset is negative. */
export interface Sum {
  readonly base: Value;
  readonly offset: number;
}

/** The id of the call frame of the function that is followed. */
export const outermostFrameId = 'f';

/** How a function is followed whose paths contradict themselves. A loop within another one begins anew in each round. */
export interface SecondLook {
  /**
   * Whether states are told apart by all that is known, also where a function has many paths, and where locks are followed;
   * and whether a loop may end after two rounds, too.
   */
  readonly isExact: boolean;
  /**
   * The tests behind which paths are missing, by offset. Each has both answers where other code may have written to what it
   * reads since a test before.
   */
  readonly tests: ReadonlySet<number>;
  /** The operands of those tests, where states are told apart by what is known of them, too; empty where they are not. */
  readonly watched: readonly Expression[];
}

/** What has been used of the bounds for one function, and why following it is incomplete. */
export interface Budget {
  /** How many nodes have been visited, those of callees included. */
  steps: number;
  /** Why a bound was passed, as text for people; null where none was. */
  incomplete: string | null;
}

/**
 * Follows the paths of one function. The evaluation of expressions and the search over the graph call each other through
 * this interface.
 */
export interface Engine {
  readonly codebase: Codebase;
  readonly relevance: Relevance;
  /** Null where resources are followed and not locks. */
  readonly locks: LockWatch | null;
  readonly expansions: Expansions;
  /** Where the function is followed once more, since paths were missing: what is done otherwise. Null the first time. */
  readonly again: SecondLook | null;
  /** Whether an exit that returns NULL is told apart from one that returns an error pointer. */
  readonly tellsNull: boolean;
  readonly budget: Budget;
  readonly events: FlowEvent[];
  readonly lockEvents: LockEvent[];
  /** The API calls whose results may be error pointers, by the error value. */
  readonly origins: Map<Value, ErrorOrigin>;
  /** By object: where it was first freed, or where the put that frees it is. */
  readonly frees: Map<Value, CallerPlace>;
  /** The names of the file-level variables and constants behind values. */
  readonly globals: Map<Value, string>;
  /** The file in which each of these names was read first: a static variable is one of that file. */
  readonly globalFiles: Map<Value, string>;
  /** For `&x` of a local variable: from the variable's key to the value of its address, and back. */
  readonly addresses: Map<string, Value>;
  readonly addressed: Map<Value, string>;
  /** For `&buf->attach` and `&list[i]`: from the value of the address to the heap key of what is there. */
  readonly places: Map<Value, string>;
  /** Errors with only one possible code: a fence callback that was not added returns ENOENT. */
  readonly soleErrors: Map<Value, string>;
  /** The values of constants, as written in the code. */
  readonly constants: Set<Value>;
  /** The error pointers that a test asks whether they are NULL, and the place of the first such test. */
  readonly askedForNull: Map<Value, CodePlace>;
  /** The error pointers that a test checks for an error, and the place of the first such test. */
  readonly askedForError: Map<Value, CodePlace>;
  /** The signs that values had when they were made, where those were known. */
  readonly born: Map<Value, Signs>;
  /** The tests of the function itself, by offset, that what it says settles: `ret = 0; if (ret)`. */
  readonly settled: Set<number>;
  /** The numbers that all calls of the function pass for parameters of it, by name. */
  readonly given: Map<string, number>;
  /** What each graph asks about the configuration, and its callees: the questions as texts, with their last offsets. */
  readonly questions: Map<ControlFlowGraph, ReadonlyMap<string, number>>;
  /** The values that calls returned which were not followed: a reference may have come with each. */
  readonly unseen: Set<Value>;
  /** The names of the functions that returned such values. */
  readonly returnedBy: Map<Value, string>;
  /** Those values whose callee was not found either, and the call. */
  readonly makers: Map<Value, ErrorOrigin>;
  /** Where the vmap that was to fill a map has failed. */
  readonly unfilled: Map<Value, CallFrame>;
  /** Values that were computed, by what they were computed from. */
  readonly interned: Map<string, Value>;
  /** For `table + i`: the table and the i. If the table is an array, the sum is the address of an element. */
  readonly steps: Map<Value, { readonly array: Value; readonly index: Value }>;
  /** For `word >> i`: the word and the i. */
  readonly shifts: Map<Value, { readonly word: Value; readonly index: Value }>;
  /** The values that are a number more or less than another. */
  readonly sums: Map<Value, Sum>;
  /** Those that an enumerator was counted to, outside of any loop: `x->stage = EX_GOT; x->stage++;`. */
  readonly stages: Set<Value>;
  /** The numbers of the source, greater than 1, behind values. */
  readonly literals: Map<Value, number>;
  /** What is known of words of flags. */
  readonly bits: Map<Value, Bits>;
  /** For `word & (FLAG | OTHER)`: the word that it was at first, and the flags. */
  readonly masks: Map<Value, Mask>;
  /** The values that stand for one bit of a word. */
  readonly flags: Set<Value>;
  /** For the flags that `BIT(n)` and `set_bit(n, …)` make: the n. */
  readonly bitNumbers: Map<Value, Value>;
  /** The named constants that the code has written for a number, or for its bit. */
  readonly namesOf: Map<Value, Set<Value>>;
  /** The values that the code fixes and the engine cannot compute. */
  readonly opaque: Set<Value>;
  /** The guesses of which each answer leads to the same state. */
  readonly guessesOver: Set<Guess>;
  /** The states of the paths that have guessed before they came to an event. */
  readonly guessedAt: Map<FlowEvent, State>;
  /** For `~x`: the x. */
  readonly complements: Map<Value, Value>;
  /** The values of variables that were declared, and to which nothing has been assigned. */
  readonly unassigned: Set<Value>;
  /** The values that loop macros gave to their cursors. */
  readonly cursors: Set<Value>;
  /** The values that were read from members of objects. */
  readonly fromMembers: Set<Value>;
  /** The elements of arrays and lists, and what was read from them: each is one of many. */
  readonly elements: Set<Value>;
  /** The heap keys of links of lists and trees that were read. */
  readonly links: Set<string>;
  /** A value that nothing is known of. */
  newValue(): Value;
  /** The function that a name means in a file, where it can matter. */
  find(name: string, path: string): FunctionRef | undefined;
  /** Records a misuse. */
  report(event: Omit<FlowEvent, 'function' | 'path' | 'decisions' | 'within'>, frame: CallFrame, state: State): void;
  /** Cuts the results of one expression at a bound, and records that. */
  bounded<T>(results: readonly T[]): readonly T[];
  /** Evaluates an expression. */
  evaluate(expression: Expression, state: State, frame: CallFrame): readonly Evaluated[];
  /** Follows the statements of a statement expression, whose value is that of its last one. */
  block(body: readonly Statement[], state: State, frame: CallFrame): readonly Evaluated[];
  /** Follows a callee; undefined where the call stack would become too deep or recursive. */
  call(ref: FunctionRef, values: readonly Value[], state: State, from: CallerPlace): readonly Evaluated[] | undefined;
  /** Follows the body of a macro within the function that uses it. */
  expand(unit: FunctionUnit, values: readonly Value[], state: State, frame: CallFrame): readonly Evaluated[];
}
