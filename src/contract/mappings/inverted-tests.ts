// Does a map take success for an error?

import { type Expression, stripCasts } from '../../c/index.js';
import { isErrorValue, isZeroLiteral, mappingSteps, returnsZeroForDone } from '../../kernel/index.js';
import type { FunctionRef } from '../../program/index.js';
import type { CodeEvent } from '../calls/calls-in-order.js';
import type { Undoing } from '../model/mappings.js';

/** Returns the steps of a map after which an error is returned where they have succeeded: `if (!dma_map_sgtable(…)) return ERR_PTR(…)`. */
export function invertedSteps(map: FunctionRef, unmap: FunctionRef, done: readonly CodeEvent[]): readonly Undoing[] {
  return done.flatMap(({ name, point }): readonly Undoing[] => {
    const step = mappingSteps.find(({ does }) => does.has(name));
    if (!step || !returnsZeroForDone(name) || point.statement.kind !== 'if') return [];
    const { test, then } = point.statement;
    const [only] = then;
    const returned = only?.kind === 'return' ? only.value : null;
    if (!isZeroTest(test, point.at) || !isErrorValue(returned)) return [];
    return [{ kind: 'inverted', map, unmap, step, does: { ref: point.ref, at: point.at, api: name } }];
  });
}

/** Whether a test is true where the call at an offset returned 0. */
function isZeroTest(test: Expression, at: number): boolean {
  const isCall = (side: Expression): boolean => {
    const bare = stripCasts(side);
    return bare.kind === 'call' && bare.at === at;
  };
  if (test.kind === 'unary') return test.operator === '!' && isCall(test.operand);
  return test.kind === 'binary' && test.operator === '==' && isCall(test.left) && isZeroLiteral(test.right);
}
