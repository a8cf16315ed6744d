// Which functions test the structure around a result for an error? Only the result itself can be one.

import { type CallExpression, callsIn, type Expression, type FunctionUnit, stripCasts } from '../../../c/index.js';
import {
  apiFunction,
  apiFunctions,
  asksForError,
  isConversion,
  isErrorMacro,
  returnsErrorPointer,
} from '../../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, foundInEach, functionsIn } from '../../../program/index.js';
import type { Misuse } from '../../model/lifetimes.js';
import { stepAt } from '../../places.js';

/** A result that goes through a conversion, and the variable that gets the converted pointer. */
interface Converted {
  readonly made: CallExpression;
  readonly callee: string;
  readonly result: string;
  readonly conversion: CallExpression;
  readonly whole: string;
}

/**
 * Finds the results that go through container_of() before they are tested for an error. If the member is not the first of
 * its structure, container_of() subtracts the member's offset, and the difference is not the error code any more.
 */
export function findConvertedErrors(codebase: Codebase): readonly Misuse[] {
  const sources = codebase.program.candidates.filter((path) => path.endsWith('.c'));
  return foundInEach(codebase, sources, 'converted-errors', (path) => errorsConvertedIn(codebase, path));
}

function errorsConvertedIn(codebase: Codebase, path: string): readonly Misuse[] {
  const { program } = codebase;
  if (!asksForError(program.peek(path) ?? '')) return [];
  return functionsIn(program, path)
    .filter((ref) => mayConvert(program.bodyText(ref)))
    .flatMap((ref) => errorsConvertedBy(codebase, ref));
}

/** Whether a body calls a function that returns an API pointer or an error, calls a conversion, and tests for an error. */
function mayConvert(body: string): boolean {
  const isCalled = (is: (name: string) => boolean): boolean =>
    [...body.matchAll(/\b(\w+)\s*\(/g)].some(([, name = '']) => is(name));
  return asksForError(body) && isCalled(mayReturnError) && isCalled(isConversion);
}

const mayReturnError = (name: string): boolean =>
  apiFunctions.get(name)?.result === 'pointer-or-error' || returnsErrorPointer(name);

function errorsConvertedBy(codebase: Codebase, ref: FunctionRef): readonly Misuse[] {
  const unit = codebase.program.lower(ref);
  return conversionsIn(unit).flatMap((converted): readonly Misuse[] => {
    const asked = (name: string): CallExpression | undefined =>
      callsIn(unit.body).find(({ name: callee, call }) => callee !== null && isErrorMacro(callee) && isName(call, name))
        ?.call;
    const test = asked(converted.whole);
    if (!test || asked(converted.result) || !isShifted(codebase, ref, converted.conversion)) return [];
    return [misuseOf(codebase, ref, converted, test)];
  });
}

const isName = ({ arguments: [first] }: CallExpression, name: string): boolean =>
  first?.kind === 'name' && first.name === name;

function conversionsIn(unit: FunctionUnit): readonly Converted[] {
  const { values, locals } = assignmentsOf(unit);
  return [...locals].flatMap((whole) =>
    (values.get(whole) ?? []).flatMap((value): readonly Converted[] => {
      const conversion = namedCall(value);
      const [argument] = conversion?.call.arguments ?? [];
      if (!conversion || !isConversion(conversion.name) || argument?.kind !== 'name') return [];
      const [only, ...others] = values.get(argument.name) ?? [];
      const made = only && others.length === 0 ? namedCall(only) : undefined;
      if (!made || !locals.has(argument.name) || !returnsErrors(made)) return [];
      return [{ made: made.call, callee: made.name, result: argument.name, conversion: conversion.call, whole }];
    }),
  );
}

function namedCall(value: Expression): { readonly name: string; readonly call: CallExpression } | undefined {
  const bare = stripCasts(value);
  return bare.kind === 'call' && bare.callee.kind === 'name' ? { name: bare.callee.name, call: bare } : undefined;
}

function returnsErrors({ name, call }: { readonly name: string; readonly call: CallExpression }): boolean {
  return apiFunction(name, call.arguments.length)?.result === 'pointer-or-error' || returnsErrorPointer(name);
}

/** Whether a conversion leads to a structure in which the member is not the first one, as far as the code shows. */
function isShifted({ program, definitions }: Codebase, ref: FunctionRef, { callee, at, end }: CallExpression): boolean {
  const name = callee.kind === 'name' ? callee.name : '';
  const target = definitions.findNear(name, ref.path);
  const written = target ? program.bodyText(target) : definitions.macro(name, ref.path);
  const text = written ?? program.file(ref.path)?.code.slice(at, end) ?? '';
  const [, tag = '', member = ''] = /\(\s*[\w()]+\s*,\s*struct\s+(\w+)\s*,\s*(\w+)\b/.exec(text) ?? [];
  const struct = tag === '' ? undefined : definitions.struct(tag, ref.path);
  const code = struct ? (program.file(struct.path)?.code ?? '') : '';
  const first = new RegExp(`\\bstruct\\s+${tag}\\s*\\{\\s*([^;{}]*);`).exec(code)?.[1];
  return first !== undefined && member !== '' && !new RegExp(`\\b${member}\\b`).test(first);
}

function misuseOf(
  codebase: Codebase,
  ref: FunctionRef,
  { made, callee, result }: Converted,
  test: CallExpression,
): Misuse {
  const { path, outline } = ref;
  const words = `this tests the structure around '${result}', which is not its first member: its address is no error code`;
  return {
    kind: 'error-pointer',
    resource: null,
    path,
    at: made.at,
    function: outline.name,
    api: callee,
    certainty: 'medium',
    trace: [stepAt(codebase, path, test.at, words)],
  };
}
