// `IS_ENABLED(CONFIG_A)` asks more than `#ifdef CONFIG_A` where A can be a module, and the same where it cannot.

import { asksForModule, moduleSymbol } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import type { Formula } from './formula.js';

/** Whether an option can be built as a module, as far as is known. */
export type MayBeModule = (option: string) => boolean;

/**
 * The options that can be modules for all that the code of a file shows: somebody asks for that. Of any other it is not
 * known, and whoever writes `#ifdef` for what is `IS_ENABLED()` elsewhere says that it is none.
 */
export function modularOptions({ memory, program }: Codebase, path: string): MayBeModule {
  return (option) =>
    memory.recall(`modular-option\0${path}\0${option}`, () => asksForModule(program.file(path)?.code ?? '', option));
}

/** The option that an atom says is built in; undefined for any other atom. */
const optionOf = (atom: string): string | undefined => /^defined (\w+)$/.exec(atom)?.[1];

/** The formula without what holds only where an option is a module that cannot be one. */
export function asBuilt(formula: Formula, mayBeModule: MayBeModule): Formula {
  if (formula.kind === 'atom') return formula;
  if (formula.kind === 'not') return { kind: 'not', of: asBuilt(formula.of, mayBeModule) };
  const parts = formula.parts.map((part) => asBuilt(part, mayBeModule));
  if (formula.kind === 'and') return { kind: 'and', parts };
  const neverSet = parts.flatMap((part) => {
    const option = part.kind === 'atom' ? optionOf(part.text) : undefined;
    return option === undefined || mayBeModule(option) ? [] : [`defined ${moduleSymbol(option)}`];
  });
  const left = parts.filter((part) => !needs(part, neverSet));
  const [only] = left;
  return only && left.length === 1 ? only : { kind: 'or', parts: left };
}

/** Whether a formula holds only where one of some atoms does. */
function needs(formula: Formula, atoms: readonly string[]): boolean {
  if (formula.kind === 'atom') return atoms.includes(formula.text);
  return formula.kind === 'and' && formula.parts.some((part) => needs(part, atoms));
}

/** Whether atoms that hold say of an option that it is built in and a module. */
export function contradictsItself(known: ReadonlyMap<string, boolean>): boolean {
  return [...known].some(([atom, holds]) => holds && known.get(moduleSymbol(atom)) === true);
}
