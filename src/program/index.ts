import type { SourceTree } from '../input/tree.js';
import { createDefinitions, type Definitions } from './definitions.js';
import { openProgram, type Program, type ProgramOptions } from './program.js';
import { createReferences, type References } from './references.js';

/** A program with what finds definitions and references in it. */
export interface World {
  readonly program: Program;
  readonly definitions: Definitions;
  readonly references: References;
}

/** Opens a tree for questions about its functions. */
export async function openWorld(tree: SourceTree, options: ProgramOptions): Promise<World> {
  const program = await openProgram(tree, options);
  const definitions = createDefinitions(program);
  return { program, definitions, references: createReferences(program, definitions) };
}

export type { Definitions } from './definitions.js';
export { createInfluence, type Influence } from './influence.js';
export * from './paths.js';
export * from './program.js';
export * from './references.js';
export * from './values.js';
