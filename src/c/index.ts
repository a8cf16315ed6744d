/** The C front end: text in, plain data out. No syntax node leaves this floor. */

export { countParseErrors, lowerFunction, lowerInitialiser } from './lower/lower.js';
export {
  type DocBlock,
  type DocComment,
  docBlocks,
  docComments,
  readDocComment,
  writeDocComment,
} from './outline/doc-comment.js';
export { splitTopLevel } from './outline/items.js';
export { outlineFile, readIncludes, type SourceFile } from './outline/outline.js';
export { type PackedFile, packFile, unpackFile } from './outline/packed.js';
export { type AttributeWords, treeAttributeWords } from './prepare/attributes.js';
export { matchingParen } from './prepare/brackets.js';
export { isWordCharacter, skipSpace } from './prepare/characters.js';
export { attributeHeaders } from './prepare/words.js';
export * from './unit.js';
export * from './visit.js';
