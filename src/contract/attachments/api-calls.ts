// Where does the tree call the functions of the API?

import type { CallExpression, SourceFile, Statement, VariableOutline } from '../../c/index.js';
import { expansionsOf, wrappedFunction } from '../../flow/index.js';
import type { Codebase, FunctionRef, Reference } from '../../program/index.js';
import { callPointAt } from '../calls/program-point.js';
import { type NotAnalysed, type Place, placeOf } from '../places.js';
import { namesMember } from './member-names.js';

/** A call of an API function. */
interface ApiCall {
  /** The API function. */
  readonly name: string;
  readonly ref: FunctionRef;
  readonly call: CallExpression;
  readonly statement: Statement;
  /** The statements around `statement`, the outermost first. */
  readonly around: readonly Statement[];
  readonly place: Place;
}

/** A place that names an API function but shows no call that can be analysed. */
export type ApiCallProblem = {
  /** The API function. */
  readonly name: string;
  readonly place: Place;
} & (
  | { readonly kind: 'in-macro'; readonly macro: string }
  | { readonly kind: 'address-taken' }
  | { readonly kind: 'unparsed' }
);

/** Finds every call of some API functions, and every place that names one of them in another way. */
export function findApiCalls(
  codebase: Codebase,
  names: readonly string[],
): { readonly calls: readonly ApiCall[]; readonly problems: readonly ApiCallProblem[] } {
  const calls: ApiCall[] = [];
  const problems: ApiCallProblem[] = [];
  const pattern = new RegExp(`\\b(?:${names.join('|')})\\b`);
  for (const path of codebase.program.candidatesWith(pattern)) {
    const file = codebase.program.file(path);
    if (!file) continue;
    problems.push(...callsInMacros(codebase, path, file, pattern));
    if (!pattern.test(file.code)) continue;
    for (const name of names)
      for (const reference of codebase.references.of(name, [path])) {
        const call = callOf(codebase, name, reference);
        if (call) calls.push(call);
        else problems.push(...problemOf(codebase, name, reference, file));
      }
  }
  calls.push(...wrappedCalls(codebase, names));
  return { calls, problems };
}

/** The calls by macros that only pass on what they are given. */
function wrappedCalls(codebase: Codebase, names: readonly string[]): readonly ApiCall[] {
  return expansionsOf(codebase).wrappers.flatMap((wrapper) =>
    codebase.program.candidatesWith(new RegExp(`\\b${wrapper}\\s*\\(`)).flatMap((path) => {
      const macro = codebase.definitions.macroOf(wrapper, path);
      const name = macro && wrappedFunction(macro);
      if (name === undefined || !names.includes(name)) return [];
      return codebase.references.of(wrapper, [path]).flatMap((use) => callOf(codebase, name, use) ?? []);
    }),
  );
}

/** Says in words why a place could not be analysed. */
export function describeProblem(problem: ApiCallProblem): NotAnalysed {
  const { name, place } = problem;
  const about = { file: place.file, line: place.line, function: place.function };
  switch (problem.kind) {
    case 'in-macro':
      return { ...about, reason: `${name}() is called by macro ${problem.macro}: its uses are not expanded` };
    case 'address-taken':
      return { ...about, reason: `the address of ${name}() is taken: calls through it are not followed` };
    case 'unparsed':
      return { ...about, reason: `this call of ${name}() cannot be parsed` };
  }
}

function callsInMacros(codebase: Codebase, path: string, file: SourceFile, pattern: RegExp): readonly ApiCallProblem[] {
  return file.unit.macros.flatMap((macro): readonly ApiCallProblem[] => {
    const name = pattern.exec(macro.body)?.[0];
    if (!name || !macro.body.includes(`${name}(`) || wrappedFunction(macro) === name) return [];
    return [{ kind: 'in-macro', name, macro: macro.name, place: placeOf(codebase, path, macro.at, null) }];
  });
}

function callOf(codebase: Codebase, name: string, { path, at, inside, isCall }: Reference): ApiCall | undefined {
  if (!inside || at < inside.outline.bodyStart) return undefined;
  // Also without a call: lowering a function that cannot be parsed lists it under `notAnalysed`.
  const point = callPointAt(codebase, inside, at);
  if (!point || !isCall) return undefined;
  const { call, statement, around } = point;
  return { name, ref: inside, call, statement, around, place: placeOf(codebase, path, call.at, inside) };
}

/** The problem with a place that names an API function and is no call, if there is one. */
function problemOf(
  codebase: Codebase,
  name: string,
  { path, at, inside, isCall }: Reference,
  file: SourceFile,
): readonly ApiCallProblem[] {
  const place = placeOf(codebase, path, at, inside ?? null);
  if (namesMember(codebase, { path, at, name, code: file.code })) return [];
  if (!inside) return isInTable(file.unit.variables, at) ? [{ kind: 'address-taken', name, place }] : [];
  if (at < inside.outline.bodyStart) return [];
  const { dropped } = codebase.program.lower(inside);
  if (dropped.some(({ start, end }) => start <= at && at < end)) return [];
  return [{ kind: isCall ? 'unparsed' : 'address-taken', name, place }];
}

/** At file level only a table can take the address of a function; every other mention is a declaration or an export. */
function isInTable(variables: readonly VariableOutline[], at: number): boolean {
  return variables.some((variable) => variable.valueAt !== null && variable.valueAt <= at && at < variable.end);
}
