import {
  type Expression,
  type FunctionUnit,
  lowerFunction,
  matchingParen,
  outlineFile,
  type Statement,
} from '../../c/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { expandAccessors } from './expand-accessors.js';
import { type ExpandedText, expandMacros } from './macro-text.js';
import { type ModuleMacros, moduleMacros } from './module-macros.js';

/** What the expansion of one function needs. */
interface Expansion {
  readonly codebase: Codebase;
  readonly macros: ModuleMacros;
  /** The text of the file, and its code at the same length. */
  readonly text: string;
  readonly code: string;
}

/**
 * A function with its body as the flow follows it: a macro of the module that jumps stands for the statements that it
 * expands to. What comes from an argument keeps its place; all else stands where the macro is used.
 */
export function expandedFunction(codebase: Codebase, ref: FunctionRef): FunctionUnit {
  return codebase.memory.recall(`expanded\0${functionKey(ref)}`, () => {
    const unit = codebase.program.lower(ref);
    const macros = moduleMacros(codebase, ref.path);
    const body = codebase.program.bodyText(ref);
    const file = codebase.program.file(ref.path);
    if (!file) return unit;
    const expansion = { codebase, macros, text: file.text, code: file.code };
    const names = [...new Set(body.match(/\b[A-Za-z_]\w*/g) ?? [])];
    const plain = names.some((name) => macros.accessors.has(name)) ? withoutAccessors(expansion, unit.body) : unit.body;
    const { jumping, filling, tests, questions, bracketing } = macros;
    if (
      !/[(,]\s*(?:return|goto|continue|break)\b|;\s*(?:return|goto|continue|break)\b[^;{}]*\)\s*;/.test(body) &&
      !names.some(
        (name) =>
          jumping.has(name) ||
          filling.has(name) ||
          tests.has(name) ||
          questions.has(name) ||
          bracketing.has(name) ||
          macros.ownValueOf(name),
      )
    )
      return plain === unit.body ? unit : { ...unit, body: plain };
    return { ...unit, body: expandList(expansion, plain) };
  });
}

/** A body in which the accessors of the module are expanded, and the constants in them keep their names. */
function withoutAccessors(expansion: Expansion, body: readonly Statement[]): readonly Statement[] {
  const { accessors, all } = expansion.macros;
  const withParameters = new Map([...all].filter(([, { parameters }]) => parameters !== null));
  return expandAccessors(
    body,
    (name) => accessors.has(name),
    (use) => lowerUse({ ...expansion, macros: { ...expansion.macros, all: withParameters } }, use.at, use.end),
  );
}

/** An argument that is a jump: `CHECK(x, return -EINVAL)`. */
const jumpArgument = /[(,;]\s*(?:return|goto|continue|break)\b/;

function expandList(expansion: Expansion, body: readonly Statement[]): readonly Statement[] {
  return body.flatMap((statement) => expandStatement(expansion, statement));
}

function expandStatement(expansion: Expansion, statement: Statement): readonly Statement[] {
  switch (statement.kind) {
    case 'expression':
      return usesMacro(expansion, statement.expression)
        ? expandAt(expansion, statement)
        : [{ ...statement, expression: withoutMacro(expansion, statement.expression) }];
    case 'declaration':
      if (!statement.value) return [statement];
      return usesMacro(expansion, statement.value)
        ? expandValue(expansion, statement)
        : [{ ...statement, value: withoutMacro(expansion, statement.value) }];
    case 'return':
      return [statement.value ? { ...statement, value: expandTest(expansion, statement.value) } : statement];
    case 'macro-block':
      return expandBlock(expansion, statement);
    case 'while':
    case 'do':
      return [
        { ...statement, test: expandTest(expansion, statement.test), body: expandList(expansion, statement.body) },
      ];
    case 'block':
    case 'switch':
    case 'for':
      return [{ ...statement, body: expandList(expansion, statement.body) }];
    case 'if':
      return [
        {
          ...statement,
          test: expandTest(expansion, statement.test),
          // biome-ignore lint/suspicious/noThenProperty: the model calls a branch so
          then: expandList(expansion, statement.then),
          otherwise: expandList(expansion, statement.otherwise),
        },
      ];
    case 'variants':
      return [
        {
          ...statement,
          branches: statement.branches.map((branch) => ({ ...branch, body: expandList(expansion, branch.body) })),
        },
      ];
    default:
      return [statement];
  }
}

/** Whether an expression is the use of a macro that jumps, or that is told to jump, or the assignment of one. */
function usesMacro({ macros, text }: Expansion, expression: Expression): boolean {
  const value = expression.kind === 'assignment' ? expression.value : expression;
  const callee = value.kind === 'call' ? value.callee : value;
  if (callee.kind !== 'name' || !macros.all.has(callee.name)) return false;
  return (
    macros.jumping.has(callee.name) ||
    macros.filling.has(callee.name) ||
    standsForValue(macros, value) ||
    (value.kind === 'call' && jumpArgument.test(text.slice(value.at, value.end)))
  );
}

/** The kinds of an argument that may do something: also `(f(x), 0)`, and `{ f(x); g(x); }`. */
const doing: ReadonlySet<Expression['kind']> = new Set(['call', 'assignment', 'sequence', 'statements']);

/**
 * Whether the expansion of a macro may stand for its value: the macro tests for an error, or takes a lock around the
 * call in its argument. A macro that evaluates a call twice is not expanded.
 */
function standsForValue({ all, questions, tests, bracketing }: ModuleMacros, value: Expression): boolean {
  if (value.kind !== 'call' || value.callee.kind !== 'name') return false;
  const { name } = value.callee;
  const isGivenCall = value.arguments.some(({ kind }) => doing.has(kind));
  if (bracketing.has(name) && isGivenCall) return true;
  if (!questions.has(name) && !tests.has(name)) return false;
  const isOnce = questions.has(name) && all.get(name)?.body.startsWith('({');
  return isOnce || value.arguments.every(({ kind }) => kind === 'name' || kind === 'member');
}

/** A value in which the macros that are tests are expanded. */
function expandTest(expansion: Expansion, test: Expression): Expression {
  if (test.kind === 'binary' && /^(?:&&|\|\||[=!<>]=|[<>])$/.test(test.operator))
    return { ...test, left: expandTest(expansion, test.left), right: expandTest(expansion, test.right) };
  if (test.kind === 'unary' && test.operator === '!') return { ...test, operand: expandTest(expansion, test.operand) };
  if (test.kind === 'assignment') return { ...test, value: expandTest(expansion, test.value) };
  const asked = askedArgument(expansion, test);
  if (asked) return asked;
  if (test.kind !== 'call' || !standsForValue(expansion.macros, test)) return test;
  const [only, ...more] = lowerUse(expansion, test.at, test.end) ?? [];
  return only?.kind === 'expression' && more.length === 0 ? only.expression : test;
}

/** The argument that a macro is the value of, or `!!x` where it is only as true; undefined for any other expression. */
function askedArgument(expansion: Expansion, use: Expression): Expression | undefined {
  if (use.kind !== 'call' || use.callee.kind !== 'name') return undefined;
  const own = expansion.macros.ownValueOf(use.callee.name);
  const argument = own && use.arguments[own.position];
  if (!argument) return undefined;
  if (!own.isTruth) return expandTest(expansion, argument);
  const { at } = use;
  const operand = { kind: 'unary', operator: '!', operand: expandTest(expansion, argument), at } as const;
  return { kind: 'unary', operator: '!', operand, at };
}

/** A value, or what it assigns, without a macro that is true where its argument is. */
function withoutMacro(expansion: Expansion, value: Expression): Expression {
  if (value.kind === 'assignment') return { ...value, value: withoutMacro(expansion, value.value) };
  return askedArgument(expansion, value) ?? value;
}

/** A macro as a statement. The statement is left as it is where its expansion cannot be parsed. */
function expandAt(expansion: Expansion, statement: Statement & { kind: 'expression' }): readonly Statement[] {
  const { expression } = statement;
  if (expression.kind === 'assignment') {
    const value = valueOfUse(expansion, expression.value);
    return value
      ? [...value.before, { ...statement, expression: { ...expression, value: value.result } }]
      : [statement];
  }
  const lowered = lowerUse(expansion, expression.at, endOf(expansion, expression));
  const [only] = lowered ?? [];
  if (lowered?.length === 1 && only?.kind === 'expression' && only.expression.kind === 'statements')
    return expandList(expansion, only.expression.body);
  return lowered ?? [statement];
}

/** `struct x *p = TRY(get());`: the statements of the macro come before the declaration. */
function expandValue(expansion: Expansion, statement: Statement & { kind: 'declaration' }): readonly Statement[] {
  const value = statement.value && valueOfUse(expansion, statement.value);
  return value ? [...value.before, { ...statement, value: value.result }] : [statement];
}

/** A macro whose value is that of a statement expression: what comes before the value, and the value. */
function valueOfUse(
  expansion: Expansion,
  use: Expression,
): { readonly before: readonly Statement[]; readonly result: Expression } | undefined {
  const lowered = lowerUse(expansion, use.at, endOf(expansion, use));
  const [only] = lowered ?? [];
  if (lowered?.length !== 1 || only?.kind !== 'expression') return undefined;
  if (only.expression.kind !== 'statements') return { before: [], result: only.expression };
  const last = only.expression.body.at(-1);
  if (last?.kind !== 'expression') return undefined;
  return { before: only.expression.body.slice(0, -1), result: last.expression };
}

/** A macro that is written without its semicolon: what follows it is no body, unless the macro is a loop. */
function expandBlock(expansion: Expansion, statement: Statement & { kind: 'macro-block' }): readonly Statement[] {
  const body = expandList(expansion, statement.body);
  const macro = expansion.macros.all.get(statement.macro);
  const open = expansion.code.indexOf('(', statement.at);
  const end = matchingParen(expansion.code, open) + 1;
  const isJump = expansion.macros.jumping.has(statement.macro) || jumpArgument.test(expansion.text.slice(open, end));
  if (!macro || !isJump || !/[;}]\s*$|while\s*\(\s*0\s*\)\s*$/.test(macro.body)) return [{ ...statement, body }];
  const lowered = lowerUse(expansion, statement.at, end);
  return lowered ? [...lowered, ...body] : [{ ...statement, body }];
}

function endOf({ macros }: Expansion, use: Expression): number {
  if (use.kind === 'call') return use.end;
  return use.kind === 'name' && macros.all.has(use.name) ? use.at + use.name.length : use.at;
}

/** The statements that a piece of a file expands to; undefined where they cannot be parsed. */
function lowerUse(expansion: Expansion, start: number, end: number): readonly Statement[] | undefined {
  const { codebase, macros, text } = expansion;
  const source: ExpandedText = {
    text: text.slice(start, end),
    origins: Array.from({ length: end - start }, (_, index) => start + index),
  };
  const expanded = expandMacros(source, macros.all);
  if (!expanded || expanded === source) return undefined;
  const head = 'void macro(void)\n{\n';
  const { attributes } = codebase.program;
  const file = outlineFile('macro.c', `${head}${expanded.text};\n}\n`, attributes);
  const [outline] = file.unit.functions;
  const unit = outline && lowerFunction(file, outline, attributes);
  if (!unit || unit.unparsed.length > 0) return undefined;
  const originAt = (at: number): number => expanded.origins[at - head.length] ?? start;
  return moved(unit.body, originAt);
}

/** Data with every offset set to that in the file. */
function moved<T>(data: T, originAt: (at: number) => number): T {
  if (Array.isArray(data)) return data.map((item) => moved(item, originAt)) as T;
  if (data === null || typeof data !== 'object') return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (key === 'at') return [key, originAt(value)];
      return [key, key === 'end' ? originAt(value - 1) + 1 : moved(value, originAt)];
    }),
  ) as T;
}
