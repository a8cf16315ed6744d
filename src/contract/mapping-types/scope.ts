// In which function or macro does an expression stand, and what do its parameters stand for?

import { type Expression, lowerFunction, type Macro, outlineFile, stripCasts } from '../../c/index.js';
import { expandMacros } from '../../flow/index.js';
import { type Codebase, type FunctionRef, functionsIn } from '../../program/index.js';
import type { MappingDialect, MappingReader } from './mapping-dialect.js';

/** Where an expression stands. */
export interface Scope {
  readonly path: string;
  /** The function around it; null at file level. */
  readonly ref: FunctionRef | null;
  /** What its parameters stand for, as far as a call was followed. */
  readonly given: ReadonlyMap<string, Bound>;
  /** The offset of the use of the macro that the expression comes from; null where it stands in the file itself. */
  readonly macroAt: number | null;
  /** How many calls and macros were followed. */
  readonly depth: number;
}

/** An expression and where it stands. */
export interface Bound {
  readonly expression: Expression;
  readonly scope: Scope;
}

const deepest = 8;

/** The scope of the code of a function, or of a file. */
export function scopeOf(path: string, ref: FunctionRef | null): Scope {
  return { path, ref, given: new Map(), macroAt: null, depth: 0 };
}

/** Strips casts and puts in what a parameter stands for. */
export function resolved({ expression, scope }: Bound): Bound {
  const bare = stripCasts(expression);
  const given = bare.kind === 'name' ? scope.given.get(bare.name) : undefined;
  return given ? resolved(given) : { expression: bare, scope };
}

/** The same, one step further: what refers to itself comes to an end. */
export function deeper({ expression, scope }: Bound): Bound {
  return { expression, scope: { ...scope, depth: scope.depth + 1 } };
}

/** Whether so many steps were followed that the rest is given up. */
export function isTooDeep({ depth }: Scope): boolean {
  return depth > deepest;
}

/** The offset in its file at which an expression stands, or the macro that makes it. */
export function offsetOf({ expression, scope }: Bound): number {
  return scope.macroAt ?? expression.at;
}

/** What a use of a macro stands for; undefined where the name is none, or the macro cannot be read as an expression. */
export function expanded({ codebase, dialect }: MappingReader, { expression, scope }: Bound): Bound | undefined {
  const call = expression.kind === 'call' && expression.callee.kind === 'name' ? expression : undefined;
  const name =
    call?.callee.kind === 'name' ? call.callee.name : expression.kind === 'name' ? expression.name : undefined;
  // What comes out of a macro was expanded as a whole.
  if (name === undefined || scope.macroAt !== null || scope.depth > deepest) return undefined;
  const macroNamed = (word: string): Macro | undefined =>
    codebase.definitions.macroOf(word, scope.path) ?? macroOfCore(codebase, dialect, word);
  if (!macroNamed(name)) return undefined;
  const code = codebase.program.file(scope.path)?.code ?? '';
  const text = call ? code.slice(call.at, call.end) : name;
  const whole = expandMacros({ text, origins: [] }, macrosIn(text, macroNamed));
  const value = whole && parsed(codebase, whole.text);
  return value && { expression: value, scope: { ...scope, macroAt: expression.at, depth: scope.depth + 1 } };
}

/** The macros that a text uses, and those that they use. */
function macrosIn(text: string, macroNamed: (name: string) => Macro | undefined): ReadonlyMap<string, Macro> {
  const macros = new Map<string, Macro>();
  const open = [text];
  for (let part = open.pop(); part !== undefined; part = open.pop())
    for (const [word] of part.matchAll(/\b[A-Za-z_]\w*/g)) {
      const macro = macros.has(word) ? undefined : macroNamed(word);
      if (!macro) continue;
      macros.set(word, macro);
      open.push(macro.body);
    }
  return macros;
}

/** A macro of the headers of the core, which a driver may include through others. */
function macroOfCore(codebase: Codebase, { core }: MappingDialect, name: string): Macro | undefined {
  return core.flatMap((path) => codebase.program.file(path)?.unit.macros ?? []).find((macro) => macro.name === name);
}

function parsed(codebase: Codebase, text: string): Expression | undefined {
  const { attributes } = codebase.program;
  const file = outlineFile(
    'macro.c',
    `void f(void)\n{\n\tstruct x v = ${text.replace(/\\\r?\n/g, '\n')};\n}\n`,
    attributes,
  );
  const [outline] = file.unit.functions;
  const [first] = outline ? lowerFunction(file, outline, attributes).body : [];
  return (first?.kind === 'declaration' && first.value) || undefined;
}

/** The scope of a function that is called with these arguments; undefined where it is not found. */
export function calleeScope({ codebase, dialect }: MappingReader, { expression, scope }: Bound): Scope | undefined {
  if (expression.kind !== 'call' || expression.callee.kind !== 'name' || scope.depth > deepest) return undefined;
  const { name } = expression.callee;
  const ref =
    codebase.definitions.findInHeaders(name, scope.path) ??
    dialect.core.flatMap((path) => functionsIn(codebase.program, path)).find(({ outline }) => outline.name === name);
  if (!ref) return undefined;
  const given = new Map(
    ref.outline.parameters.flatMap(({ name: parameter }, index) => {
      const argument = expression.arguments[index];
      return argument ? [[parameter, { expression: argument, scope }] as const] : [];
    }),
  );
  return { path: ref.path, ref, given, macroAt: null, depth: scope.depth + 1 };
}
