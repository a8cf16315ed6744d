import { posix } from 'node:path';
import { unusedExports } from './exports.js';
import { type FunctionSpan, functionSpans } from './functions.js';
import { circles, importsOf } from './imports.js';
import { isTest, type SourceText } from './source-tree.js';

/** A function of more than `lines` lines is reported; one of more than `most` is refused. */
export const longFunction = { lines: 60, most: 100 } as const;
/** The most files in a folder, tests not counted, and the most lines of a file. */
export const most = { filesInFolder: 16, linesOfFile: 400 } as const;

/** The measures of a source tree, by name, so that they can be compared with what is allowed. */
export interface Measures {
  readonly files: { readonly program: number; readonly tests: number; readonly lines: number };
  /** Folder, and its TypeScript files without tests; the fullest first. */
  readonly folders: readonly (readonly [string, number])[];
  readonly longFiles: readonly string[];
  /** Longer than 60 lines; the longest first. */
  readonly longFunctions: readonly FunctionSpan[];
  /** Of all functions, tests included. */
  readonly functions: number;
  readonly circles: Readonly<Record<'load' | 'later' | 'type', readonly (readonly string[])[]>>;
  readonly unusedExports: readonly string[];
  readonly onlyTested: readonly string[];
  readonly usesProcess: readonly string[];
}

/** @param sources from readSources() */
export function measure(sources: readonly SourceText[]): Measures {
  const spans = sources.flatMap(functionSpans);
  const imports = sources.flatMap(importsOf);
  const { nowhere, inProgram } = unusedExports(sources);
  const named = ({ path, name }: { readonly path: string; readonly name: string }): string => `${path} ${name}`;
  return {
    files: {
      program: sources.filter(({ path }) => !isTest(path)).length,
      tests: sources.filter(({ path }) => isTest(path)).length,
      lines: sources.reduce((sum, { text }) => sum + linesOf(text), 0),
    },
    folders: foldersOf(sources),
    longFiles: sources.filter(({ text }) => linesOf(text) > most.linesOfFile).map(({ path }) => path),
    longFunctions: spans
      .filter(({ lines }) => lines > longFunction.lines)
      .toSorted((left, right) => right.lines - left.lines),
    functions: spans.length,
    circles: {
      load: circles(imports, ['load']),
      later: circles(imports, ['load', 'later']),
      type: circles(imports, ['load', 'later', 'type']),
    },
    unusedExports: nowhere.map(named),
    onlyTested: inProgram.map(named),
    usesProcess: sources.filter(usesProcess).map(({ path }) => path),
  };
}

function foldersOf(sources: readonly SourceText[]): Measures['folders'] {
  const counts = new Map<string, number>();
  for (const { path } of sources) {
    const folder = posix.dirname(path);
    if (!isTest(path)) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].sort(([, left], [, right]) => right - left);
}

function linesOf(text: string): number {
  return text.trimEnd().split('\n').length;
}

/** Whether a file of the program uses the global `process`. Tests and src/dev may. */
function usesProcess({ path, code, text }: SourceText): boolean {
  if (isTest(path) || path.startsWith('src/dev/')) return false;
  return /(?<![\w$.])process\s*[.[]/.test(code) || /\bfrom 'node:process'/.test(text);
}
