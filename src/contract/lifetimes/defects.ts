// What leaks, misuses and lock defects have in common.

import type { FlowExit, FunctionFlow } from '../../flow/index.js';
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

/** Returns the functions of which not every path was followed. */
export function incompleteFlows(codebase: Codebase, flows: readonly FunctionFlow[]): readonly NotAnalysed[] {
  return flows.flatMap(({ ref, incomplete }) => {
    if (incomplete === null) return [];
    const { line } = placeOf(codebase, ref.path, ref.outline.nameAt, null);
    return [{ file: ref.path, line, function: ref.outline.name, reason: `not every path was followed: ${incomplete}` }];
  });
}

/**
 * Returns the last decisions of a path as trace steps.
 * @param after where the resource was acquired: only later decisions of the same file count; null for all decisions
 */
export function decisionSteps(
  codebase: Codebase,
  decisions: FlowExit['state']['decisions'],
  after: { readonly path: string; readonly at: number } | null,
): readonly TraceStep[] {
  const later = after
    ? decisions.filter((decision) => decision.path === after.path && decision.at > after.at)
    : decisions;
  return later
    .slice(-4)
    .map(({ path, at, text }) =>
      stepAt(codebase, path, at, text === 'true' || text === 'false' ? `where this is ${text}` : `under ${text}`),
    );
}
