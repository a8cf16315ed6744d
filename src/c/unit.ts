/**
 * What one C file says, as plain data: a cache can store it, a worker can send it, and no syntax tree is needed to
 * read it. All offsets (`at`, `start`, `end`) are 0-based UTF-16 units into the text of the file.
 */

/** A position for people: 1-based line, 1-based column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Comment {
  readonly start: number;
  readonly end: number;
}

export interface Include {
  readonly at: number;
  readonly path: string;
  readonly quoted: boolean;
}

export interface Macro {
  readonly at: number;
  readonly name: string;
  /** Null for a macro without parentheses. */
  readonly parameters: readonly string[] | null;
  readonly body: string;
}

/** A branch of an `#if` group that was left out so that the rest could be parsed. */
export interface Assumption {
  readonly at: number;
  /** The condition taken as true, as written: `#ifdef CONFIG_X`. */
  readonly condition: string;
}

export interface Parameter {
  readonly name: string;
  /** The declaration without the name: `struct dma_buf *`. */
  readonly type: string;
}

/** A function definition as seen without parsing its body. */
export interface FunctionOutline {
  readonly name: string;
  readonly nameAt: number;
  readonly parameters: readonly Parameter[];
  /** What stands before the name: `static struct sg_table *`. */
  readonly returnType: string;
  readonly isStatic: boolean;
  readonly start: number;
  /** Offset of the opening brace. */
  readonly bodyStart: number;
  readonly end: number;
}

/** A variable at file level, defined or only declared. */
export interface VariableOutline {
  readonly name: string;
  readonly nameAt: number;
  /** `struct dma_buf_ops`, `struct virtio_dma_buf_ops`, `int`: without qualifiers, storage and pointer stars. */
  readonly type: string;
  readonly pointer: boolean;
  readonly array: boolean;
  readonly isStatic: boolean;
  readonly isExtern: boolean;
  readonly start: number;
  readonly end: number;
  /** Offset of the initialiser, or null. */
  readonly valueAt: number | null;
}

export interface StructField {
  readonly name: string;
  readonly type: string;
  readonly pointer: boolean;
  readonly isFunction: boolean;
  readonly at: number;
}

export interface StructOutline {
  readonly tag: string;
  readonly at: number;
  readonly fields: readonly StructField[];
}

export interface Unit {
  readonly path: string;
  readonly functions: readonly FunctionOutline[];
  readonly variables: readonly VariableOutline[];
  readonly structs: readonly StructOutline[];
  readonly includes: readonly Include[];
  readonly macros: readonly Macro[];
  readonly comments: readonly Comment[];
  readonly assumptions: readonly Assumption[];
  /** Ranges that no compiler sees (`#if 0`) or that an assumption leaves out. */
  readonly dead: readonly Comment[];
  /** `#if` groups, outermost first, for naming the condition that a line stands under. */
  readonly conditions: readonly ConditionRange[];
  /** Offsets at which lines start. */
  readonly lineStarts: readonly number[];
}

export interface ConditionRange {
  readonly start: number;
  readonly end: number;
  readonly condition: string;
}

/** A function with its body. */
export interface FunctionUnit extends FunctionOutline {
  readonly path: string;
  readonly body: readonly Statement[];
  /** Pieces that could not be parsed, and what they were. */
  readonly unparsed: readonly Unparsed[];
  readonly assumptions: readonly Assumption[];
}

export interface Unparsed {
  readonly at: number;
  readonly text: string;
}

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

export interface CallExpression {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly arguments: readonly Expression[];
  readonly at: number;
  readonly end: number;
}

export interface InitialiserExpression {
  readonly kind: 'initialiser';
  readonly entries: readonly InitialiserEntry[];
  readonly at: number;
}

export interface InitialiserEntry {
  /** `.ops.pin` is ['ops', 'pin']; array designators are `[…]`; empty for a positional entry. */
  readonly designators: readonly string[];
  readonly value: Expression;
  readonly at: number;
}

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
  /** `list_for_each_entry(…) { }`, `scoped_guard(…) { }`: a macro that takes the statement after it. */
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
  /** An `#if` group inside a body: every branch is kept. */
  | { readonly kind: 'variants'; readonly branches: readonly Variant[]; readonly at: number }
  | { readonly kind: 'unparsed'; readonly text: string; readonly at: number };

export interface DeclarationStatement {
  readonly kind: 'declaration';
  readonly name: string;
  readonly type: string;
  readonly pointer: boolean;
  readonly value: Expression | null;
  /** The x of `__free(x)` and its kin. */
  readonly cleanup: string | null;
  readonly at: number;
}

export interface Variant {
  /** As written: `#if IS_ENABLED(CONFIG_X)`, `#else`. */
  readonly condition: string;
  readonly body: readonly Statement[];
}

/** Position of an offset in a unit. */
export function positionAt(unit: Pick<Unit, 'lineStarts'>, offset: number): Position {
  let low = 0;
  let high = unit.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((unit.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (unit.lineStarts[low] ?? 0) + 1 };
}

/** The innermost `#if` condition that an offset stands under, or null. */
export function conditionAt(unit: Pick<Unit, 'conditions'>, offset: number): string | null {
  let found: string | null = null;
  for (const range of unit.conditions) if (range.start <= offset && offset < range.end) found = range.condition;
  return found;
}
