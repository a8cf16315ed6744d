/** The syntax of function bodies, as plain data. All offsets are as in `unit.ts`. */

/** An expression. Parentheses are dropped; `at` is the offset where the expression starts. */
export type Expression =
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'literal'; readonly text: string; readonly at: number }
  | {
      readonly kind: 'member';
      readonly object: Expression;
      readonly member: string;
      readonly arrow: boolean;
      readonly at: number;
    }
  | { readonly kind: 'index'; readonly object: Expression; readonly index: Expression; readonly at: number }
  | CallExpression
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression; readonly at: number }
  | { readonly kind: 'update'; readonly operator: string; readonly operand: Expression; readonly at: number }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: number;
    }
  | {
      readonly kind: 'assignment';
      readonly operator: string;
      readonly target: Expression;
      readonly value: Expression;
      readonly at: number;
    }
  | {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly then: Expression | null;
      readonly otherwise: Expression;
      readonly at: number;
    }
  | { readonly kind: 'cast'; readonly type: string; readonly operand: Expression; readonly at: number }
  | InitialiserExpression
  | { readonly kind: 'compound-literal'; readonly type: string; readonly value: Expression; readonly at: number }
  | { readonly kind: 'sequence'; readonly items: readonly Expression[]; readonly at: number }
  | { readonly kind: 'statements'; readonly body: readonly Statement[]; readonly at: number }
  | { readonly kind: 'type'; readonly text: string; readonly at: number }
  | { readonly kind: 'unparsed'; readonly text: string; readonly at: number };

/** A call of a function or macro. */
export interface CallExpression {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly arguments: readonly Expression[];
  readonly at: number;
  readonly end: number;
}

/** `{ .pin = x, … }` */
export interface InitialiserExpression {
  readonly kind: 'initialiser';
  readonly entries: readonly InitialiserEntry[];
  readonly at: number;
}

/** One entry of an initialiser. */
export interface InitialiserEntry {
  /** `.ops.pin` is ['ops', 'pin']; array designators are `[…]`; empty for a positional entry. */
  readonly designators: readonly string[];
  readonly value: Expression;
  readonly at: number;
}

/** A statement. A `case` or label is a statement of its own, before the one that it stands at. */
export type Statement =
  | { readonly kind: 'expression'; readonly expression: Expression; readonly at: number }
  | DeclarationStatement
  | { readonly kind: 'block'; readonly body: readonly Statement[]; readonly at: number }
  | {
      readonly kind: 'if';
      readonly test: Expression;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
      readonly at: number;
    }
  | { readonly kind: 'while'; readonly test: Expression; readonly body: readonly Statement[]; readonly at: number }
  | { readonly kind: 'do'; readonly test: Expression; readonly body: readonly Statement[]; readonly at: number }
  | {
      readonly kind: 'for';
      readonly start: readonly Statement[];
      readonly test: Expression | null;
      readonly update: Expression | null;
      readonly body: readonly Statement[];
      readonly at: number;
    }
  /** `list_for_each_entry(…) { }`, `scoped_guard(…) { }`: a macro with a statement as its body. */
  | {
      readonly kind: 'macro-block';
      readonly macro: string;
      readonly arguments: readonly Expression[];
      readonly body: readonly Statement[];
      readonly at: number;
    }
  | { readonly kind: 'switch'; readonly subject: Expression; readonly body: readonly Statement[]; readonly at: number }
  | { readonly kind: 'case'; readonly value: Expression | null; readonly at: number }
  | { readonly kind: 'label'; readonly name: string; readonly at: number }
  | { readonly kind: 'goto'; readonly label: string; readonly at: number }
  | { readonly kind: 'return'; readonly value: Expression | null; readonly at: number }
  | { readonly kind: 'break'; readonly at: number }
  | { readonly kind: 'continue'; readonly at: number }
  /** An `#if` group inside a body, with all its branches. */
  | { readonly kind: 'variants'; readonly branches: readonly Variant[]; readonly at: number }
  | { readonly kind: 'unparsed'; readonly text: string; readonly at: number };

/** The declaration of one variable. */
export interface DeclarationStatement {
  readonly kind: 'declaration';
  readonly name: string;
  readonly type: string;
  readonly pointer: boolean;
  readonly value: Expression | null;
  /** The x of `__free(x)`, or `&f` for `__cleanup(f)`; null if there is neither. */
  readonly cleanup: string | null;
  readonly at: number;
}

/** One branch of an `#if` group inside a body. */
export interface Variant {
  /** As written: `#if IS_ENABLED(CONFIG_X)`, `#else`. */
  readonly condition: string;
  readonly body: readonly Statement[];
}
