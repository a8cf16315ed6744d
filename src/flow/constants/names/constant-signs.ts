import type { Macro } from '../../../c/index.js';
import type { Codebase } from '../../../program/index.js';
import { isConstantName } from '../../evaluate/named-constants.js';
import { moduleMacros } from '../../expansion/module-macros.js';
import { bad, type Signs, signOf } from '../../state/value.js';
import { namedNumber, numberOfText } from './constant-numbers.js';
import { enumerators } from './enumerations.js';

/** An error code of the kernel: `-EINVAL`. */
const errorCode = /^\(*\s*-\s*E[A-Z0-9]+\s*\)*$/;

/**
 * The sign of a constant of the module that stands for a number: `EX_OK` of `#define EX_OK 0` is zero.
 * @returns undefined for any other name, and where the branches of an `#if` define it otherwise
 */
export function constantSign(codebase: Codebase, name: string, path: string): Signs | undefined {
  // Each path asks the same again.
  return codebase.memory.recall(`constant-sign\0${path}\0${name}`, () => findSign(codebase, name, path)) ?? undefined;
}

function findSign(codebase: Codebase, name: string, path: string): Signs | null {
  const ofMacro = inAllWays(codebase, name, path, (macro) => signOfMacro(codebase, macro, path));
  if (ofMacro !== undefined) return ofMacro;
  const isOwn = [...codebase.program.translationUnit(path), ...codebase.definitions.headers(path)].some(
    (file) => !file.startsWith('include/') && enumerators(codebase, file).has(name),
  );
  const number = isOwn ? namedNumber(codebase, name, path) : undefined;
  return number === undefined ? null : signOf(number);
}

/** A macro that only gives another constant a further name: `EX_SHARED` of `#define EX_DEFAULT EX_SHARED`. */
const otherName = /^\(*\s*(_*[A-Z][A-Z0-9_]+)\s*\)*$/;
/** Macros that name each other come to an end. */
const mostNames = 4;

/** The first name of a constant: what a macro of the module that is another name for it stands for. */
export function firstName(codebase: Codebase, name: string, path: string): string {
  if (!isConstantName(name)) return name;
  // Each path asks the same again.
  return codebase.memory.recall(`first-name\0${path}\0${name}`, () => {
    let found = name;
    for (let steps = 0; steps < mostNames; steps++) {
      const next = otherNameOf(codebase, found, path);
      if (next === undefined) return found;
      found = next;
    }
    return name;
  });
}

type MacroText = Pick<Macro, 'parameters' | 'body'>;

const otherNameOf = (codebase: Codebase, name: string, path: string): string | undefined =>
  inAllWays(codebase, name, path, ({ parameters, body }) => (parameters ? undefined : otherName.exec(body)?.[1]));

/** What is read of a macro of the module; undefined where the branches of an `#if` define it so that something else is. */
function inAllWays<T>(
  codebase: Codebase,
  name: string,
  path: string,
  read: (macro: MacroText) => T | undefined,
): T | undefined {
  const macro = moduleMacros(codebase, path).all.get(name);
  const found = macro && read(macro);
  if (found === undefined) return undefined;
  return codebase.definitions.macroWays(name, path).every((way) => read(way) === found) ? found : undefined;
}

function signOfMacro(codebase: Codebase, { parameters, body }: MacroText, path: string): Signs | undefined {
  if (parameters) return undefined;
  if (errorCode.test(body)) return bad;
  const number = numberOfText(codebase, body, path);
  return number === undefined ? undefined : signOf(number);
}
