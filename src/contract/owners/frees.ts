// Which functions free a structure?

import type { Expression } from '../../c/index.js';
import { type CallExpression, callsIn } from '../../c/index.js';
import { freeFunctions, isNamedForAllocation, managedFree, slabFree } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, originsOf } from '../../program/index.js';
import { functionsMatching } from '../tables/functions-matching.js';
import { type OwnerSearch, rootOf, tagOf, withoutCasts } from './members.js';

/** A call that frees a structure. */
export interface Free {
  readonly ref: FunctionRef;
  readonly call: CallExpression;
  /** The expression that is freed. */
  readonly object: Expression;
}

// What devm_kfree() frees belongs to a device, which frees it in the end without asking.
const unmanaged = new Set([...freeFunctions].filter((name) => name !== managedFree));
const freeWord = new RegExp(`\\b(?:${[...unmanaged, slabFree].join('|')})\\s*\\(`, 'g');
/** Of a longer argument, in characters, the text does not tell what it is. */
const longestArgument = 200;

/** Returns the calls in some files that free a structure of one of these tags. */
export function freesOf(search: OwnerSearch, tags: ReadonlySet<string>, files: readonly string[]): readonly Free[] {
  const names = namesDeclaredWith(search.codebase, tags, files);
  const mayFree = (match: RegExpMatchArray): boolean => mayFreeOneOf(names, match);
  return files
    .filter((path) => [...(search.codebase.program.peek(path) ?? '').matchAll(freeWord)].some(mayFree))
    .flatMap((path) => functionsMatching(search.codebase, path, freeWord, mayFree))
    .flatMap((ref) => freesIn(search, ref))
    .filter(({ ref, object }) => tags.has(tagOf(search, ref, object) ?? ''));
}

/** The names that stand behind a tag where it is declared what they are, and further names: all words of the declarations. */
function namesDeclaredWith(
  { program }: Codebase,
  tags: ReadonlySet<string>,
  files: readonly string[],
): ReadonlySet<string> {
  const declaration = new RegExp(`\\b(?:${[...tags].join('|')})\\b[^;{}]*`, 'g');
  return new Set(
    files
      .flatMap((path) => (program.peek(path) ?? '').match(declaration) ?? [])
      .flatMap((text) => text.match(/\w+/g) ?? []),
  );
}

/** The last name of what is freed, where that is a variable or a member: `kfree(a->b)`, `kmem_cache_free(cache, b)`. */
const freedName = /^[^();]*?(\w+)\s*\)/;

/** Whether a call frees something with one of these names, or something without a name, as far as the text tells. */
function mayFreeOneOf(names: ReadonlySet<string>, { 0: call, index = 0, input = '' }: RegExpMatchArray): boolean {
  const from = index + call.length;
  const name = freedName.exec(input.slice(from, from + longestArgument))?.[1];
  return name === undefined || names.has(name);
}

/** The calls of a function that free something. */
function freesIn({ codebase }: OwnerSearch, ref: FunctionRef): readonly Free[] {
  return callsIn(codebase.program.lower(ref).body).flatMap(({ call, name }) => {
    const object = name === slabFree ? call.arguments[1] : call.arguments[0];
    return name !== null && object && (name === slabFree || unmanaged.has(name)) ? [{ ref, call, object }] : [];
  });
}

/** Whether a function has allocated the object that an expression leads to: nobody else has filled it. */
export function isFresh(codebase: Codebase, ref: FunctionRef, value: Expression): boolean {
  const root = rootOf(value);
  if (root === null) return false;
  const origins = originsOf(codebase.program.lower(ref), { kind: 'name', name: root, at: withoutCasts(value).at });
  return origins.some(
    (origin) =>
      origin.kind === 'call' && origin.call.callee.kind === 'name' && isNamedForAllocation(origin.call.callee.name),
  );
}

/** Whether every caller of a function passes an object, by its variable, that the caller has just made: nobody else has it. */
export function getsNewObject(codebase: Codebase, ref: FunctionRef, variable: string): boolean {
  const { references } = codebase;
  const index = ref.outline.parameters.findIndex(({ name }) => name === variable);
  const callers = references.callersOf(ref);
  if (index < 0 || callers.length === 0 || !references.isScopeKnown(ref) || references.slotsOf(ref).length > 0)
    return false;
  return callers.every(({ caller, call }) => {
    const given = call.arguments[index];
    return given !== undefined && isFresh(codebase, caller, given);
  });
}
