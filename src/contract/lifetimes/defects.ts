// What leaks, misuses and lock defects have in common.

import { expressionText } from '../../c/index.js';
import type { Decision, FlowExit, FunctionFlow } from '../../flow/index.js';
import { asksOnlyConfiguration } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import type { PathDefect } from '../model/lifetimes.js';
import { type NotAnalysed, placeOf, stepAt, type TraceStep } from '../places.js';

/** A place in the tree as a map key: `path:at`. */
export function placeKey({ path, at }: { readonly path: string; readonly at: number }): string {
  return `${path}:${at}`;
}

/** How uncertain a defect is: 0 for `high`, 1 for `medium`, 2 for `low`. */
export function uncertainty({ certainty }: PathDefect): number {
  return { high: 0, medium: 1, low: 2 }[certainty];
}

/**
 * Returns one defect for each kind and place: the one with the least cost, the first of equals.
 * @param kindOf tells defects apart that share a place
 */
export function bestPerPlace<T extends PathDefect>(
  defects: readonly T[],
  kindOf: (defect: T) => string,
  costOf: (defect: T) => number,
): readonly T[] {
  const kept = new Map<string, T>();
  for (const defect of defects) {
    const key = `${kindOf(defect)}|${defect.path}|${defect.at}`;
    const known = kept.get(key);
    if (!known || costOf(defect) < costOf(known)) kept.set(key, defect);
  }
  return [...kept.values()];
}

/**
 * Returns the functions of which not every path was followed, and the places where all paths contradict themselves: what
 * follows there was not looked at.
 */
export function incompleteFlows(codebase: Codebase, flows: readonly FunctionFlow[]): readonly NotAnalysed[] {
  return flows.flatMap(({ ref, incomplete, contradictions }) => {
    const gapAt = (at: number, reason: string): NotAnalysed => ({
      file: ref.path,
      line: placeOf(codebase, ref.path, at, null).line,
      function: ref.outline.name,
      reason,
    });
    return [
      ...(incomplete === null ? [] : [gapAt(ref.outline.nameAt, `not every path was followed: ${incomplete}`)]),
      ...contradictions.map((at) => gapAt(at, contradiction)),
    ];
  });
}

/** A trace has at most so many decisions: the last ones. */
const mostDecisions = 8;

/** What is said of a place where all paths contradict themselves. */
const contradiction = 'no path was found to a part of the code that follows this test';

/**
 * Returns the decisions of a path as trace steps, those in callees included. Where a loop decides the same again, the last
 * time counts.
 * @param after where the resource was acquired: decisions count from the first later one of that file on; null for all
 */
export function decisionSteps(
  codebase: Codebase,
  decisions: FlowExit['state']['decisions'],
  after: { readonly path: string; readonly at: number } | null,
): readonly TraceStep[] {
  const isAfter = ({ kind, path, at }: Decision): boolean =>
    after === null || (path === after.path && (at > after.at || (kind === 'moved' && at === after.at)));
  const first = decisions.findIndex(isAfter);
  if (first < 0) return [];
  const steps = decisions
    .slice(first)
    .map((decision) => stepAt(codebase, decision.path, decision.at, wordsOf(decision)));
  const isLast = (step: TraceStep, index: number): boolean =>
    !steps
      .slice(index + 1)
      .some(({ file, line, message }) => file === step.file && line === step.line && message === step.message);
  return steps.filter(isLast).slice(-mostDecisions);
}

function wordsOf(decision: Decision): string {
  switch (decision.kind) {
    case 'test':
      return `where this is ${decision.answer}: '${expressionText(decision.test)}'`;
    case 'variant':
      return `under ${decision.condition}`;
    case 'moved':
      return `where this moves the buffer, and runs ${decision.callback}()`;
  }
}

/** Whether a path exists only if an exporter moves its caller's buffer, which not every exporter does. */
export function dependsOnMove(decisions: readonly Decision[]): boolean {
  return decisions.some(({ kind }) => kind === 'moved');
}

/** Whether a path exists only in kernels that answer a question in one way which is not about their configuration. */
export function isOfSomeKernels(decisions: readonly Decision[]): boolean {
  return decisions.some((decision) => decision.kind === 'variant' && !asksOnlyConfiguration(decision.group));
}
