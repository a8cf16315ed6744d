import type { Macro } from '../../c/index.js';
import type { Codebase } from '../../program/index.js';
import { moduleMacros } from '../expansion/module-macros.js';
import { bad, good, type Signs, zero } from '../state/value.js';

/** The number that a macro stands for: `0`, `(-1)`, `0x10UL`. */
const number = /^\(*\s*(-?)\s*(0x[\da-f]+|\d+)[ul]*\s*\)*$/i;
/** An error code of the kernel: `-EINVAL`. */
const errorCode = /^\(*\s*-\s*E[A-Z0-9]+\s*\)*$/;

/**
 * The sign of a macro of the module that stands for a number: `EX_OK` of `#define EX_OK 0` is zero.
 * @returns undefined for any other name, and where the branches of an `#if` define it otherwise
 */
export function constantSign(codebase: Codebase, name: string, path: string): Signs | undefined {
  // Each path asks the same again.
  return (
    codebase.memory.recall(`constant-sign\0${path}\0${name}`, () => inAllWays(codebase, name, path, signOf) ?? null) ??
    undefined
  );
}

/** A macro that only gives another constant a further name: `EX_SHARED` of `#define EX_DEFAULT EX_SHARED`. */
const otherName = /^\(*\s*(_*[A-Z][A-Z0-9_]+)\s*\)*$/;
/** Macros that name each other come to an end. */
const mostNames = 4;

/** The first name of a constant: what a macro of the module that is another name for it stands for. */
export function firstName(codebase: Codebase, name: string, path: string): string {
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

function signOf({ parameters, body }: MacroText): Signs | undefined {
  if (parameters) return undefined;
  if (errorCode.test(body)) return bad;
  const [, minus, digits] = number.exec(body) ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) === 0 ? zero : minus ? bad : good;
}
