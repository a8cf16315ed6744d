// Does a flag decide whether a function takes or drops the lock? `if (!locked) dma_resv_lock(resv);`

import { type Expression, type FunctionUnit, subexpressions } from '../../c/index.js';

/** Whether a test depends only on a non-pointer parameter or on an object, and not on a result in the function itself. */
export function asksFlag(unit: FunctionUnit, test: Expression): boolean {
  switch (test.kind) {
    case 'name':
      return isFlagParameter(unit, test.name) || /^[A-Z][A-Z0-9_]*$/.test(test.name);
    case 'member':
    case 'literal':
      return true;
    case 'unary':
    case 'binary':
      return subexpressions(test).every((part) => asksFlag(unit, part));
    default:
      return false;
  }
}

function isFlagParameter({ parameters }: FunctionUnit, name: string): boolean {
  return parameters.some((one) => one.name === name && !one.type.includes('*'));
}
