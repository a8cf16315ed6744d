import { wordTable } from '../names.js';
import { isNamedForAllocation } from './memory.js';

// If a function is only declared, its name and comment say what kind of object it returns. The patterns follow the
// naming of drivers.

const exports = wordTable('export', 'exported');

/** Whether the name of a function says that it returns an export, which may have been made before and kept. */
export function isNamedForExport(name: string): boolean {
  return exports.has(name);
}

/** Whether the name of a function says that it makes or exports what it returns. */
export function isNamedForMaking(name: string): boolean {
  return isNamedForAllocation(name) || isNamedForExport(name);
}

const finds = wordTable('find', 'lookup', 'search', 'peek', 'current');

/** Whether the name of a function says that it returns something that exists already, perhaps without a reference. */
export function isNamedForFinding(name: string): boolean {
  return finds.has(name);
}

/** Whether a comment says that the object is new, or that the caller owns the reference. */
export function saysItIsNew(comment: string): boolean {
  return /\b(?:a new|new (?:export|dma-?buf|buffer|reference)|caller(?:'s|\b[^.;]*\b(?:own|put|drop|hold|release)))/i.test(
    comment,
  );
}

/** Whether a comment says that the code that made the object keeps it. */
export function saysItIsKept(comment: string): boolean {
  return /\b(?:cach\w+|kept|keeps|same|shared|existing|borrow\w*|once)\b/i.test(comment);
}
