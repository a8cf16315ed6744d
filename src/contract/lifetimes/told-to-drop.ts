// Does a flag or a count decide whether a function drops its caller's lock?

import { type Expression, expressionText } from '../../c/index.js';
import { asksFlag, countsSteps, type FlowExit, type FunctionFlow, type Resource } from '../../flow/index.js';
import type { Codebase } from '../../program/index.js';

type Decision = FlowExit['state']['decisions'][number];

/**
 * Whether a flag decides that one return drops the caller's lock and the other one does not:
 * `if (unlock) dma_resv_unlock(resv);`, or `if (!x->locked) return;` where the drop clears the flag. Or a count
 * decides: `if (--x->depth == 0) dma_resv_unlock(resv);`.
 */
export function isToldToDrop(
  codebase: Codebase,
  { ref }: FunctionFlow,
  lock: Resource,
  dropped: FlowExit,
  kept: FlowExit,
): boolean {
  const end = dropped.state.resources.find(
    ({ kind, path, at }) => kind === 'lock' && path === lock.path && at === lock.at,
  )?.end;
  if (!end || end.path !== ref.path || end.at < ref.outline.bodyStart || end.at > ref.outline.end) return false;
  const last = testsOf(dropped)
    .filter(({ at }) => at < end.at)
    .at(-1);
  const other = last && testsOf(kept).find(({ at, path }) => at === last.at && path === last.path);
  if (!last || !other || last.answer === other.answer) return false;
  if (countsSteps(last.test)) return true;
  if (!asksFlag(codebase.program.lower(ref), last.test)) return false;
  const code = codebase.program.file(ref.path)?.code ?? '';
  if (!code.slice(last.at, end.at).includes(';')) return true;
  return clears(code.slice(last.at, ref.outline.end), last.test);
}

const testsOf = ({ state }: FlowExit): readonly Extract<Decision, { kind: 'test' }>[] =>
  state.decisions.flatMap((one) => (one.kind === 'test' ? [one] : []));

/** Whether some code clears the member that a test reads: `x->locked = false`. */
function clears(code: string, test: Expression): boolean {
  if (test.kind === 'unary') return clears(code, test.operand);
  if (test.kind !== 'member') return false;
  const place = expressionText(test).replace(/[^\w]/g, '\\$&');
  return new RegExp(`${place}\\s*=\\s*(?:false|0|NULL)\\s*;`).test(code);
}
