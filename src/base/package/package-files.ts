/**
 * The folder of the program that this file is part of: `dist/src`, which the compiler writes, or `dist/bundle`, which has
 * the same program in fewer files.
 */
const program = /^.*\/dist\/(?:src|bundle)\//.exec(import.meta.url)?.[0];

/** A file that the package holds beside its program, by its path from the top, as in `rules/pin-leak/rule.md`. */
export const packageFile = (path: string): URL => new URL(`../../${path}`, program);

/** The folder with all code of this program: `dist/bundle`, or `dist`, since the rules are compiled beside `dist/src`. */
export const codeFolder = (): URL => new URL(program?.endsWith('/bundle/') ? '.' : '..', program);

/** A file of the program that a process or thread of its own begins with, by its path below `src`, as in `cli.js`. */
export const programFile = (path: string): URL => new URL(path, program);
