import type { SourceTree } from '../input/tree/tree.js';
import { createDefinitions, type Definitions } from './lookup/definitions.js';
import { createReferences, type References } from './lookup/references.js';
import { type Form, plain } from './memory/kept/form.js';
import type { Memory } from './memory/memory.js';
import { trackProgram } from './memory/tracking.js';
import { type FunctionRef, functionKey, type Program, type ProgramOptions } from './program.js';
import type { Sharing } from './units/shared-answers.js';
import { openAlone, type UnitStore } from './units/store.js';

/** One tree, opened for questions about its functions. */
export interface Codebase {
  readonly program: Program;
  readonly definitions: Definitions;
  readonly references: References;
  /** Remembers answers. An answer may depend only on the tree, and on what the key of its question says. */
  readonly memory: Memory;
  /** To analyse the tree in several threads; null where they would not help. */
  readonly sharing: Sharing | null;
  /** Whether all is noted that an answer depends on. */
  readonly notes: boolean;
}

/**
 * Opens a tree for questions about its functions.
 * @param store keeps what is found out for a later tree that differs in few files
 */
export async function openCodebase(tree: SourceTree, options: ProgramOptions, store?: UnitStore): Promise<Codebase> {
  const { program, tables, memory, sharing } = await (store ? store.open(tree, options) : openAlone(tree, options));
  const definitions = createDefinitions(program, memory, tables.modules);
  return {
    program: store?.notes ? trackProgram(program, memory, tables.lacks) : program,
    definitions,
    references: createReferences(program, definitions, memory, tables),
    memory,
    sharing,
    notes: store?.notes ?? false,
  };
}

/**
 * The answer to a question about one function, made once.
 * @param question tells the question from every other about a function; the function need not be named in it
 * @param form how it is kept for later runs, where those may have it
 */
export function memoByFunction<T>(
  codebase: Codebase,
  ref: FunctionRef,
  question: string,
  answer: () => T,
  form?: Form<T>,
): T {
  const key = functionKey(ref);
  return codebase.memory.recall(
    codebase.memory.keyOf(question, key),
    () => {
      codebase.memory.note(`body:${key}`);
      return answer();
    },
    form,
  );
}

/** The answer to a question about one file, made once, and kept for later runs where a form is given. */
export function memoByFile<T>(codebase: Codebase, path: string, question: string, answer: () => T, form?: Form<T>): T {
  return codebase.memory.recall(
    codebase.memory.keyOf(question, path),
    () => {
      codebase.memory.note(`file:${path}`);
      return answer();
    },
    form,
  );
}

/** What is found in each of some files, asked once of each file and kept for later runs. It must hold no node of a parsed function. */
export function foundInEach<T>(
  codebase: Codebase,
  files: readonly string[],
  question: string,
  find: (path: string) => readonly T[],
): readonly T[] {
  return files.flatMap((path) => memoByFile(codebase, path, question, () => find(path), plain<readonly T[]>()));
}

/** The files among some in which a word stands, comments included. */
export function filesSaying(codebase: Codebase, files: readonly string[], word: string): readonly string[] {
  return files.filter((path) =>
    memoByFile(codebase, path, `says\0${word}`, () => codebase.program.includes(path, word), plain()),
  );
}
