/** The C front end: text in, plain data out. No syntax node leaves this floor. */
export { type AttributeWords, treeAttributeWords } from './attributes.js';
export { matchingParen } from './brackets.js';
export { isWordCharacter, skipSpace } from './characters.js';
export {
  type DocBlock,
  type DocComment,
  docBlocks,
  docComments,
  readDocComment,
  writeDocComment,
} from './doc-comment.js';
export { countParseErrors, lowerFunction, lowerInitialiser } from './lower.js';
export { outlineFile, readIncludes, type SourceFile } from './outline.js';
export { type PackedFile, packFile, unpackFile } from './packed.js';
export * from './unit.js';
export * from './visit.js';
export { attributeHeaders } from './words.js';
