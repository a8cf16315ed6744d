import type { SourceTree } from '../input/tree.js';
import { createDefinitions, type Definitions } from './definitions.js';
import type { Memory } from './memory.js';
import { type FunctionRef, functionKey, type Program, type ProgramOptions } from './program.js';
import { createReferences, type References } from './references.js';
import { openAlone, type UnitStore } from './store.js';
import { trackProgram } from './tracking.js';

/** A program with what finds definitions and references in it, and what remembers the answers. */
export interface World {
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
export async function openWorld(tree: SourceTree, options: ProgramOptions, store?: UnitStore): Promise<World> {
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
export function askOf<T>(world: World, ref: FunctionRef, question: string, answer: () => T): T {
  const key = functionKey(ref);
  return world.memory.recall(`${question}\0${key}`, () => {
    world.memory.note(`body:${key}`);
    return answer();
  });
}

/** The answer to a question about one file by itself. */
export function askOfFile<T>(world: World, path: string, question: string, answer: () => T): T {
  return world.memory.recall(`${question}\0${path}`, () => {
    world.memory.note(`file:${path}`);
    return answer();
  });
}

/** The files among some in which a word stands, be it in a comment. */
export function filesSaying(world: World, files: readonly string[], word: string): readonly string[] {
  return files.filter((path) => askOfFile(world, path, `says\0${word}`, () => world.program.includes(path, word)));
}

export type { Definitions } from './definitions.js';
export { smallModule } from './definitions.js';
export { createInfluence, type Influence } from './influence.js';
export type { Memory } from './memory.js';
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
export { createSingleStore, createUnitStore, type UnitStore } from './store.js';
export { openUnitCache } from './unit-cache.js';
export * from './values.js';
