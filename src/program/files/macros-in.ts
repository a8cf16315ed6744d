import type { Macro, SourceFile } from '../../c/index.js';

/** A macro as whoever uses it sees it, wherever it is defined. */
export type MacroDefinition = Omit<Macro, 'at'>;

/** A definition of a macro with a body, in the text of a file. */
const definition = /^[ \t]*#[ \t]*define[ \t]+(\w+)(?:\(([^()\n]*)\))?[ \t]+((?:[^\\\n]|\\\r?\n|\\.)+)/gm;

/**
 * The macros of a file that have a body. A header need not be outlined for that, unless its macros depend on the version of
 * the kernel.
 * @param outlined the file, outlined; undefined where the tree has none
 */
export function macrosIn(
  path: string,
  text: string,
  outlined: () => SourceFile | undefined,
): readonly MacroDefinition[] {
  if (!path.endsWith('.h') || text.includes('LINUX_VERSION'))
    return (outlined()?.unit.macros ?? [])
      .filter(({ body }) => body !== '')
      .map(({ name, parameters, body }) => ({ name, parameters, body }));
  return [...text.matchAll(definition)].map(([, name = '', parameters, body = '']) => ({
    name,
    parameters: parameters?.split(',').map((word) => word.trim()) ?? null,
    body: body
      .replace(/\\\r?\n/g, ' ')
      .replace(/\/\*.*?\*\/|\/\/.*/g, ' ')
      .trim(),
  }));
}
