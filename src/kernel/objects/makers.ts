import { wordTable } from '../names.js';
import { isNamedForAllocation } from './memory.js';

// What the names and comments of functions that are only declared say of the object that they return: the naming of drivers.

const exports = wordTable('export', 'exported');

/** Whether the name of a function says that it returns an export. It may be one that was made before, and is kept. */
export function isNamedForExport(name: string): boolean {
  return exports.has(name);
}

/** Whether the name of a function says that it makes what it returns, or exports it. */
export function isNamedForMaking(name: string): boolean {
  return isNamedForAllocation(name) || isNamedForExport(name);
}

const finds = wordTable('find', 'lookup', 'search', 'peek', 'current');

/** Whether the name of a function says that it returns what is there already, perhaps without a reference. */
export function isNamedForFinding(name: string): boolean {
  return finds.has(name);
}

/** Whether a comment says that the object is new, or the reference the caller's. */
export function saysItIsNew(comment: string): boolean {
  return /\b(?:a new|new (?:export|dma-?buf|buffer|reference)|caller(?:'s|\b[^.;]*\b(?:own|put|drop|hold|release)))/i.test(
    comment,
  );
}

/** Whether a comment says that the object is kept, by whoever made it. */
export function saysItIsKept(comment: string): boolean {
  return /\b(?:cach\w+|kept|keeps|same|shared|existing|borrow\w*|once)\b/i.test(comment);
}
