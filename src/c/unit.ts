/**
 * What one C file defines, as plain data: a cache can store it and a worker can send it. All offsets (`at`, `start`,
 * `end`) are 0-based, in UTF-16 units, into the text of the file; `end` is one past the last.
 */

import type { Statement } from './syntax.js';

/** A range of the text: a comment, or code that is left out. */
export interface Comment {
  readonly start: number;
  readonly end: number;
}

/** An `#include` line. */
export interface Include {
  readonly at: number;
  readonly path: string;
  /** Whether it is written with quotes, and not with angle brackets. */
  readonly quoted: boolean;
}

/** A `#define`. */
export interface Macro {
  readonly at: number;
  readonly name: string;
  /** Null for a macro without parentheses. */
  readonly parameters: readonly string[] | null;
  readonly body: string;
}

/** A choice of one branch of an `#if` group, without which the rest could not be parsed. */
export interface Assumption {
  readonly at: number;
  /** The end of the branch that is kept. */
  readonly end: number;
  /** The condition that is taken as true, as written: `#ifdef CONFIG_X`. */
  readonly condition: string;
}

/** A directive that the parser must read otherwise than it is written: `#elif` as `#if` where all before it is dead. */
export interface RewrittenDirective {
  readonly start: number;
  readonly end: number;
  /** What replaces it; blanks fill the rest. */
  readonly text: string;
}

/** A parameter of a function. */
export interface Parameter {
  readonly name: string;
  /** The declaration without the name: `struct dma_buf *`. */
  readonly type: string;
}

/** A function definition, whose body is not parsed. */
export interface FunctionOutline {
  readonly name: string;
  readonly nameAt: number;
  readonly parameters: readonly Parameter[];
  /** The parameters of further heads of the same body, of which an `#if` chooses one; left out where there is one head. */
  readonly otherParameters?: readonly (readonly Parameter[])[];
  /** What stands before the name: `static struct sg_table *`. */
  readonly returnType: string;
  readonly isStatic: boolean;
  readonly start: number;
  /** Offset of the opening brace. */
  readonly bodyStart: number;
  readonly end: number;
}

/** A variable at file level, defined or declared. */
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
  /** Offset of the initialiser, or null where there is none. */
  readonly valueAt: number | null;
}

/** A member of a struct. */
export interface StructField {
  readonly name: string;
  readonly type: string;
  readonly pointer: boolean;
  /** Whether it is a pointer to a function. */
  readonly isFunction: boolean;
  readonly at: number;
}

/** A struct or union with a tag. Members of anonymous structs inside it count as its own. */
export interface StructOutline {
  readonly tag: string;
  readonly at: number;
  readonly fields: readonly StructField[];
}

/** One C file, outlined. */
export interface Unit {
  readonly path: string;
  readonly functions: readonly FunctionOutline[];
  readonly variables: readonly VariableOutline[];
  readonly structs: readonly StructOutline[];
  readonly includes: readonly Include[];
  /** Those that the tree may define: none in a dead branch. */
  readonly macros: readonly Macro[];
  readonly comments: readonly Comment[];
  readonly assumptions: readonly Assumption[];
  /** Ranges that no compiler of this tree sees (`#if 0`, or another version), or that an assumption leaves out. */
  readonly dead: readonly Comment[];
  readonly rewritten: readonly RewrittenDirective[];
  /** The branches of `#if` groups, outer ones first, to name the condition of a line. */
  readonly conditions: readonly ConditionRange[];
  /** The offsets at which lines start. */
  readonly lineStarts: readonly number[];
}

/** The range of one branch of an `#if` group. */
export interface ConditionRange {
  readonly start: number;
  readonly end: number;
  readonly condition: string;
}

/** A function with its body, parsed. */
export interface FunctionUnit extends FunctionOutline {
  readonly path: string;
  readonly body: readonly Statement[];
  /** The pieces that could not be parsed; empty where all was. */
  readonly unparsed: readonly Unparsed[];
  /** Statements that are left out, since a condition in C asks for another version of the kernel. */
  readonly dropped: readonly Comment[];
  readonly assumptions: readonly Assumption[];
}

/** A piece of code that could not be parsed. */
export interface Unparsed {
  readonly at: number;
  /** The beginning of its text. */
  readonly text: string;
}
