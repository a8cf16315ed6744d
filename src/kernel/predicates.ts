import type { Expression } from '../c/index.js';
import { type NameTable, nameTable } from './names.js';

/**
 * How the kernel says "error" and "nothing": the macros that ask and convert, and the constants.
 * Sources: include/linux/err.h, include/linux/compiler.h, include/asm-generic/bug.h.
 */

/** What a pointer or a number can be: an error pointer or a negative number, NULL or 0, or anything else. */
export type Sense = 'error' | 'zero' | 'good';

/** A macro that asks what its argument is. */
export interface Predicate {
  readonly name: string;
  /** It is true where the argument is one of these. */
  readonly trueFor: readonly Sense[];
  /** What it is where it is true: an error code, or some number that is not 0. */
  readonly answer: 'error' | 'good';
}

export const predicates: ReadonlyMap<string, Predicate> = byName<Predicate>([
  { name: 'IS_ERR', trueFor: ['error'], answer: 'good' },
  { name: 'IS_ERR_OR_NULL', trueFor: ['error', 'zero'], answer: 'good' },
  { name: 'IS_ERR_VALUE', trueFor: ['error'], answer: 'good' },
  { name: 'PTR_ERR_OR_ZERO', trueFor: ['error'], answer: 'error' },
  // Source: include/linux/xarray.h. An entry that is no error makes xa_err() 0.
  { name: 'xa_is_err', trueFor: ['error'], answer: 'good' },
  { name: 'xa_err', trueFor: ['error'], answer: 'error' },
  // No macro of the kernel, but one that vendor trees have.
  { name: 'dma_buf_is_err', trueFor: ['error'], answer: 'good' },
]);

/** A macro that carries an error from one type to another. */
export interface ErrorConversion {
  readonly name: string;
  /** `pointer`: makes an error pointer. `number`: takes the number out of one. */
  readonly to: 'pointer' | 'number';
  /** Whether what it is given is an error already; else it may be 0, which becomes NULL. */
  readonly isOfError: boolean;
}

export const errorConversions: ReadonlyMap<string, ErrorConversion> = byName<ErrorConversion>([
  { name: 'ERR_PTR', to: 'pointer', isOfError: false },
  { name: 'ERR_CAST', to: 'pointer', isOfError: true },
  { name: 'PTR_ERR', to: 'number', isOfError: true },
]);

/** A macro that is as true as one of its arguments. */
interface TransparentMacro {
  readonly names: NameTable;
  /** Index of that argument, 0-based. */
  readonly argument: number;
  /** What else the macro does: it tells the compiler, it warns, or it reads once. */
  readonly kind: 'hint' | 'warning' | 'read';
}

const transparentMacros: readonly TransparentMacro[] = [
  transparent('hint', 0, 'include/linux/compiler.h', ['likely', 'unlikely']),
  transparent('read', 0, 'include/asm-generic/rwonce.h', ['READ_ONCE']),
  transparent('warning', 0, 'include/asm-generic/bug.h', ['WARN_ON', 'WARN_ON_ONCE']),
  transparent('warning', 0, 'include/asm-generic/bug.h, include/linux/ratelimit.h', [
    'WARN',
    'WARN_ONCE',
    'WARN_RATELIMIT',
  ]),
  transparent('warning', 0, 'drivers/gpu/drm', ['{GEM,KMSG,I915,XE,DRM}_WARN_ON{,_ONCE}']),
  transparent('warning', 1, 'include/drm/drm_print.h', ['drm_WARN{,_ON}{,_ONCE}']),
];

function transparent(
  kind: TransparentMacro['kind'],
  argument: number,
  source: string,
  names: readonly string[],
): TransparentMacro {
  return { names: nameTable({ topic: kind, source, names }), argument, kind };
}

/** Index, 0-based, of the argument that a macro is as true as; undefined for any other name. */
export function transparentArgument(name: string): number | undefined {
  return transparentMacros.find(({ names }) => names.has(name))?.argument;
}

/** Whether a macro only tells the compiler which way is the common one. */
export function isHint(name: string): boolean {
  return transparentMacros.some(({ names, kind }) => kind === 'hint' && names.has(name));
}

const reads = nameTable({
  topic: 'reads of a member',
  source: 'include/asm-generic/barrier.h, include/linux/atomic/atomic-instrumented.h, include/linux/bitops.h',
  names: ['smp_load_acquire', 'atomic_read', 'test_bit'],
});

/** Whether a call is true where the member that one of its arguments names is set. */
export function isReadOfMember(name: string): boolean {
  return reads.has(name) || transparentArgument(name) === 0;
}

/** Whether a macro asks for a failure: for an error, or for what should not be, with a warning. */
export function isFailureTest(name: string): boolean {
  return predicates.has(name) || transparentMacros.some(({ names, kind }) => kind === 'warning' && names.has(name));
}

/** The greatest error code: an address of which this many bytes or fewer are above it is an error pointer. */
const greatestError = 'MAX_ERRNO';

const questions = nameTable({
  topic: 'questions',
  source: 'include/linux/err.h',
  names: ['IS_ERR*', 'PTR_ERR_OR_ZERO', greatestError],
});
const conversions = nameTable({
  topic: 'conversions',
  source: 'include/linux/err.h',
  names: ['PTR_ERR*', ...errorConversions.keys()],
});

/** Whether a macro asks for an error in a pointer, or converts one: it changes nothing. */
export function isErrorMacro(name: string): boolean {
  return questions.has(name) || conversions.has(name);
}

/** Whether code, the body of a macro for one, asks for an error pointer. */
export function asksForError(code: string): boolean {
  return questions.isIn(code);
}

/** What drivers call a variable that holds the result of a call. */
const resultVariable = /^(?:ret|rc|r|err|error|status|result|res)\w*$/;

export function isResultVariable(name: string): boolean {
  return resultVariable.test(name);
}

/** Whether an expression is the word NULL. */
export function isNullWord(expression: Expression): boolean {
  return expression.kind === 'name' && expression.name === 'NULL';
}

/** Whether an expression is the literal 0, with any suffix. */
export function isZeroLiteral(expression: Expression): boolean {
  return expression.kind === 'literal' && /^0[uUlL]*$/.test(expression.text);
}

/** Whether code has NULL somewhere. */
export function saysNull(code: string): boolean {
  return /\bNULL\b/.test(code);
}

/** Whether an expression is a null pointer constant: NULL or 0. */
export function isNullPointer(expression: Expression): boolean {
  return isNullWord(expression) || isZeroLiteral(expression);
}

/** Whether an expression is a constant that is not true: NULL, 0 or false. */
export function isFalseConstant(expression: Expression): boolean {
  return isNullPointer(expression) || (expression.kind === 'name' && expression.name === 'false');
}

/** Whether a name is an error code, such as EINVAL. One of them has an underscore. Source: include/linux/errno.h. */
export function isErrorCode(name: string): boolean {
  return /^E(?:[A-Z0-9]+|PROBE_DEFER)$/.test(name);
}

/** Whether an expression is the least error pointer, as a number without a sign: `(unsigned long)-MAX_ERRNO`. */
export function isLeastErrorPointer(expression: Expression): boolean {
  if (expression.kind !== 'cast' || !/\b(?:unsigned|u64|uintptr_t|size_t)\b|\*/.test(expression.type)) return false;
  const { operand } = expression;
  return (
    operand.kind === 'unary' &&
    operand.operator === '-' &&
    operand.operand.kind === 'name' &&
    operand.operand.name === greatestError
  );
}

/** Whether a call makes an error pointer: ERR_PTR(-EINVAL), ERR_CAST(table). */
export function isErrorPointer(expression: Expression): boolean {
  return (
    expression.kind === 'call' &&
    expression.callee.kind === 'name' &&
    errorConversions.get(expression.callee.name)?.to === 'pointer'
  );
}

/** Whether an expression is an error for all to see: `-EINVAL`, `ERR_PTR(-EINVAL)`. Any negative number is taken for one. */
export function isErrorValue(expression: Expression | null): boolean {
  if (!expression) return false;
  return (expression.kind === 'unary' && expression.operator === '-') || isErrorPointer(expression);
}

function byName<Row extends { readonly name: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.name, row]));
}
