import type { SourceTree } from '../input/tree/tree.js';
import { createDefinitions, type Definitions } from './definitions.js';
import type { Memory } from './memory/memory.js';
import { trackProgram } from './memory/tracking.js';
import { type FunctionRef, functionKey, type Program, type ProgramOptions } from './program.js';
import { createReferences, type References } from './references.js';
import { openAlone, type UnitStore } from './units/store.js';

/** A program with what finds definitions and references in it, and what remembers the answers. */
export interface Codebase {
  readonly program: Program;
  readonly definitions: Definitions;
  readonly references: References;
  /** What is answered here may only depend on the tree, and on what the key of the question says. */
  readonly memory: Memory;
}

/**
 * Opens a tree for questions about its functions.
 * @param store keeps what is found out for a later tree that differs little
 */
export async function openCodebase(tree: SourceTree, options: ProgramOptions, store?: UnitStore): Promise<Codebase> {
  const { program, tables, memory } = await (store ? store.open(tree, options) : openAlone(tree, options));
  const definitions = createDefinitions(program, memory, tables.modules);
  return {
    program: store?.isLasting ? trackProgram(program, memory) : program,
    definitions,
    references: createReferences(program, definitions, memory, tables),
    memory,
  };
}

/** The answer to a question about one function; whatever it is made from, it goes with the function. */
export function memoByFunction<T>(codebase: Codebase, ref: FunctionRef, question: string, answer: () => T): T {
  const key = functionKey(ref);
  return codebase.memory.recall(`${question}\0${key}`, () => {
    codebase.memory.note(`body:${key}`);
    return answer();
  });
}

/** The answer to a question about one file by itself. */
export function memoByFile<T>(codebase: Codebase, path: string, question: string, answer: () => T): T {
  return codebase.memory.recall(`${question}\0${path}`, () => {
    codebase.memory.note(`file:${path}`);
    return answer();
  });
}

/** The files among some in which a word stands, be it in a comment. */
export function filesSaying(codebase: Codebase, files: readonly string[], word: string): readonly string[] {
  return files.filter((path) =>
    memoByFile(codebase, path, `says\0${word}`, () => codebase.program.includes(path, word)),
  );
}

export type { Definitions } from './definitions.js';
export { smallModule } from './definitions.js';
export { createInfluence, type Influence } from './memory/influence.js';
export type { Memory } from './memory/memory.js';
export * from './paths.js';
export {
  type FunctionRef,
  functionAt,
  functionKey,
  functionsIn,
  type Program,
  type ProgramOptions,
  type Reference,
} from './program.js';
export * from './references.js';
export { createSingleStore, createUnitStore, type UnitStore } from './units/store.js';
export { openUnitCache } from './units/unit-cache.js';
export * from './values.js';
