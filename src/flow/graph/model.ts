import type { Expression } from '../../c/index.js';

/** One step of a function's control flow. `next`, `whenTrue` and so on are indices into {@link ControlFlowGraph.nodes}. */
export type ControlFlowNode =
  | { readonly kind: 'evaluate'; readonly expression: Expression; readonly at: number; next: number }
  | {
      readonly kind: 'declare';
      readonly name: string;
      readonly type: string;
      readonly pointer: boolean;
      readonly value: Expression | null;
      /** The x of `__free(x)`. */
      readonly cleanup: string | null;
      readonly at: number;
      next: number;
    }
  | {
      readonly kind: 'test';
      readonly test: Expression;
      /** The test as it is written, and whether it is true where the test is false: `!x` for a test of x. */
      readonly written: WrittenTest;
      readonly at: number;
      whenTrue: number;
      whenFalse: number;
    }
  /** A `switch`. The case whose value is null is the default; a switch without one has it lead past the statement. */
  | {
      readonly kind: 'switch';
      readonly subject: Expression;
      readonly hasDefault: boolean;
      readonly cases: readonly { readonly value: Expression | null; readonly next: number }[];
      readonly at: number;
    }
  /**
   * A choice that no expression decides: an `#if` group, the head of a loop, a label. A path that meets the same key
   * again makes the same choice; with a null key every successor is followed each time.
   */
  | {
      readonly kind: 'choose';
      readonly key: string | null;
      readonly labels: readonly string[];
      readonly targets: number[];
      /** Of the head of a loop macro: where its body takes a reservation lock. */
      readonly locksAt?: readonly number[];
      /** The macro, if its loop passes each attachment of a buffer to a call: its body may detach any of them. */
      readonly endsAttachments?: string | null;
      readonly at: number;
    }
  /** A loop macro begins an iteration and assigns its cursor, or has ended one. */
  | {
      readonly kind: 'round';
      readonly isEnd: boolean;
      readonly macro: string;
      readonly arguments: readonly Expression[];
      readonly at: number;
      next: number;
    }
  /** `guard(x)(…)` or `scoped_guard(x, …)`: takes a lock that is released when the scope ends. */
  | {
      readonly kind: 'guard';
      readonly name: string;
      readonly arguments: readonly Expression[];
      readonly at: number;
      next: number;
    }
  /** Opens a scope. */
  | { readonly kind: 'enter'; readonly at: number; next: number }
  /** Closes scopes until `depth` of them are open. */
  | { readonly kind: 'leave'; readonly depth: number; readonly at: number; next: number }
  | { readonly kind: 'return'; readonly value: Expression | null; readonly at: number }
  | { readonly kind: 'unparsed'; readonly at: number; next: number };

/** A test with the `!` and the macros around it that do not change what decides. */
export interface WrittenTest {
  readonly expression: Expression;
  readonly isNegated: boolean;
}

/** The node of one kind. */
export type NodeOf<Kind extends ControlFlowNode['kind']> = Extract<ControlFlowNode, { kind: Kind }>;

/** The control-flow graph of a function body. */
export interface ControlFlowGraph {
  readonly nodes: readonly ControlFlowNode[];
  /** Index of the first node. */
  readonly entry: number;
}
