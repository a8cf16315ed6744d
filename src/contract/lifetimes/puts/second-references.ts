// May a buffer that a path found have come with more than one reference for whoever puts it?

import {
  callsIn,
  type Expression,
  expressionText,
  type FunctionUnit,
  isLoop,
  stripCasts,
  visitExpressions,
  visitStatements,
} from '../../../c/index.js';
import {
  apiRow,
  bufferFile,
  fileFunctions,
  isFailureTest,
  isHarmless,
  referenceFunctions,
} from '../../../kernel/index.js';
import { type Codebase, filesSaying, functionsIn } from '../../../program/index.js';

/**
 * What the module of a file takes of the buffers that it has: no further reference; one that goes with the single place where a
 * function stores a buffer; or others, too.
 */
export function furtherReferences(codebase: Codebase, path: string): 'none' | 'for-stores' | 'others' {
  const module = codebase.definitions.module(path);
  const takers = referenceFunctions('ref').flatMap((name) =>
    filesSaying(codebase, module, name)
      .filter((file) => !fileFunctions.has(name) || takesBufferFile(codebase, file, name))
      .map((file) => ({ name, file })),
  );
  if (takers.length === 0) return 'none';
  return takers.some(({ name, file }) => fileFunctions.has(name) || takesBesidesStores(codebase, file, name))
    ? 'others'
    : 'for-stores';
}

/**
 * Whether code may take a further reference of a buffer's file: it takes one of some file, and reads a member of this name.
 * The file may get to the call through a variable, a helper or a macro.
 */
function takesBufferFile({ program }: Codebase, path: string, name: string): boolean {
  // Of macros, the code has nothing.
  const code = program.text(path) ?? '';
  return new RegExp(`\\b${name}\\s*\\(`).test(code) && new RegExp(`(?:->|\\.)\\s*${bufferFile}\\b`).test(code);
}

/** Whether a file takes a reference anywhere but in functions that take one, of what they are given, and store it once. */
function takesBesidesStores({ program }: Codebase, path: string, name: string): boolean {
  const countIn = (text: string): number => (text.match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length;
  const taking = functionsIn(program, path).filter((ref) => countIn(program.bodyText(ref)) > 0);
  const file = program.file(path);
  // Each function takes it once, or does not count.
  const outside = countIn(file?.code ?? '') - taking.length;
  const inMacros = file?.unit.macros.some(({ body }) => countIn(body) > 0) ?? false;
  return outside > 0 || inMacros || !taking.every((ref) => takesForStore(program.lower(ref), name));
}

/** Whether a function takes one reference, of a parameter or what is found in one, and stores the buffer at one place. */
function takesForStore(unit: FunctionUnit, name: string): boolean {
  if (unit.unparsed.length > 0) return false;
  const calls = callsIn(unit.body);
  const [taken, ...others] = calls.filter((one) => one.name === name);
  const [buffer] = taken?.call.arguments ?? [];
  if (!taken || !buffer || others.length > 0 || taken.around.some(isLoop)) return false;
  if (!isGiven(unit, buffer)) return false;
  const text = textOf(buffer);
  const isKnown = (callee: string | null): boolean =>
    callee !== null && (apiRow(callee) !== undefined || isHarmless(callee) || isFailureTest(callee));
  if (calls.some((one) => !isKnown(one.name) && one.call.arguments.some((argument) => textOf(argument) === text)))
    return false;
  return storesOf(unit, text) === 1 && !isReturned(unit, text);
}

const textOf = (expression: Expression): string => expressionText(stripCasts(expression));

/** Whether a buffer is a parameter or a member of something: what a function got itself may have come with a reference. */
function isGiven({ parameters }: FunctionUnit, buffer: Expression): boolean {
  const bare = stripCasts(buffer);
  return bare.kind === 'member' || (bare.kind === 'name' && parameters.some(({ name }) => name === bare.name));
}

/** How often a function stores a buffer in a member or an element, by any of the two sides of the assignment. */
function storesOf({ body }: FunctionUnit, text: string): number {
  let stores = 0;
  visitExpressions(body, (one) => {
    if (one.kind !== 'assignment' || (one.target.kind !== 'member' && one.target.kind !== 'index')) return;
    if (textOf(one.value) === text || expressionText(one.target) === text) stores++;
  });
  return stores;
}

function isReturned({ body }: FunctionUnit, text: string): boolean {
  let found = false;
  visitStatements(body, (statement) => {
    if (statement.kind === 'return' && statement.value && textOf(statement.value) === text) found = true;
  });
  return found;
}
