import { decideBranches } from '../prepare/decide-branches.js';
import type { KnownMacro } from '../prepare/macro-table.js';
import { maskText } from '../prepare/mask.js';
import type { SourceFile } from './outline.js';

/** What a file knows of a macro at one of its offsets; undefined where nothing in sight says anything of it. */
export function macroAt({ text, before }: SourceFile, name: string, at: number): KnownMacro | undefined {
  const { conditionals, macros, undefined: removed } = maskText(text);
  return decideBranches(
    {
      conditionals: conditionals.filter(({ start }) => start < at),
      macros: macros.filter((macro) => macro.at < at),
      undefined: removed.filter((one) => one.at < at),
    },
    before.macros,
  ).macros.get(name);
}
