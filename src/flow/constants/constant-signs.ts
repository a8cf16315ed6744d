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
    codebase.memory.recall(`constant-sign\0${path}\0${name}`, () => findSign(codebase, name, path) ?? null) ?? undefined
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

function otherNameOf(codebase: Codebase, name: string, path: string): string | undefined {
  const aliasOf = ({ parameters, body }: Pick<Macro, 'parameters' | 'body'>): string | undefined =>
    parameters ? undefined : otherName.exec(body)?.[1];
  const macro = moduleMacros(codebase, path).all.get(name);
  const alias = macro && aliasOf(macro);
  const ways = alias === undefined ? [] : codebase.definitions.macroWays(name, path);
  return ways.every((way) => aliasOf(way) === alias) ? alias : undefined;
}

function findSign(codebase: Codebase, name: string, path: string): Signs | undefined {
  const macro = moduleMacros(codebase, path).all.get(name);
  const sign = macro && signOf(macro);
  if (sign === undefined) return undefined;
  const ways = codebase.definitions.macroWays(name, path);
  return ways.every((way) => signOf(way) === sign) ? sign : undefined;
}

function signOf({
  parameters,
  body,
}: {
  readonly parameters: readonly string[] | null;
  readonly body: string;
}): Signs | undefined {
  if (parameters) return undefined;
  if (errorCode.test(body)) return bad;
  const [, minus, digits] = number.exec(body) ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) === 0 ? zero : minus ? bad : good;
}
