/** The files of one tree, linked by name. This is all that upper floors may import, besides `paths.ts`. */

export { type Codebase, filesSaying, foundInEach, memoByFile, memoByFunction, openCodebase } from './codebase.js';
export type { MacroDefinition } from './files/macros-in.js';
export { missingObjects } from './lookup/build-lists.js';
export { largestModule, moduleAround } from './lookup/modules.js';
export type { CallSite } from './lookup/references.js';
export { createInfluence, isDocumentOfApi } from './memory/influence.js';
export { type Form, plain } from './memory/kept/form.js';
export { createSpread } from './memory/spread.js';
export * from './paths.js';
export type { ProgramOptions } from './program.js';
export { type FunctionRef, functionAt, functionKey, functionsIn, type Reference } from './program.js';
export { createKeptStore, createNotingStore } from './units/kept-store.js';
export type { SharedAnswers } from './units/shared-answers.js';
export { createSingleStore, createUnitStore, type UnitStore } from './units/store.js';
export { openUnitCache } from './units/unit-cache.js';
export { assignmentsOf } from './values/assignments.js';
export { type Origin, originsOf } from './values/origins.js';
