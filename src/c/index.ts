/**
 * The C front end: reads the text of a file and returns plain data. This is all that upper floors may import; no node of
 * the parser's syntax tree leaves this floor.
 */

export { expressionText } from './expression-text.js';
export { countParseErrors, lowerFunction, lowerInitialiser } from './lower/lower.js';
export { constantVariables, isConstantTable } from './outline/constant-variables.js';
export {
  type DocBlock,
  type DocComment,
  docBlocks,
  docComments,
  readDocComment,
  writeDocComment,
} from './outline/doc-comment.js';
export { macroAt } from './outline/macro-at.js';
export { outlineFile, readIncludes, type SourceFile } from './outline/outline.js';
export { type PackedFile, packFile, unpackFile } from './outline/packed.js';
export { splitTopLevel } from './outline/text.js';
export * from './positions.js';
export { type AttributeWords, treeAttributeWords } from './prepare/attributes.js';
export { matchingParen } from './prepare/brackets.js';

export { isWordCharacter, skipSpace } from './prepare/characters.js';
export { decideBranches } from './prepare/decide-branches.js';
export {
  type KnownMacro,
  kernelMacros,
  type MacroTable,
  noMacros,
  type VersionNumbers,
} from './prepare/macro-table.js';
export { maskText } from './prepare/mask.js';
export { attributeHeaders } from './prepare/words.js';
export * from './syntax.js';
export * from './unit.js';
export * from './visit.js';
