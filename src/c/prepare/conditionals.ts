import type { Assumption, Comment, ConditionRange } from '../unit.js';
import type { ConditionalLine } from './mask.js';

/** One branch of an `#if` group: from the end of its directive to the start of the next one. */
export interface Branch {
  readonly condition: string;
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

/** An `#if` with all its branches, up to the `#endif`. */
export interface ConditionalGroup {
  readonly start: number;
  readonly end: number;
  readonly branches: readonly Branch[];
}

/**
 * Collects the `#if` groups of a text, inner ones first. A directive without its `#if` is skipped; a group without its
 * `#endif` ends with the text.
 * @param length length of the text
 */
export function conditionalGroups(lines: readonly ConditionalLine[], length: number): readonly ConditionalGroup[] {
  const open: ConditionalLine[][] = [];
  const groups: ConditionalGroup[] = [];
  const close = (group: readonly ConditionalLine[], end: ConditionalLine | undefined): void => {
    const branches = group.map((line, index) => ({
      condition: line.text,
      at: line.start,
      start: line.end,
      end: group[index + 1]?.start ?? end?.start ?? length,
    }));
    groups.push({ start: group[0]?.start ?? 0, end: end?.end ?? length, branches });
  };
  for (const line of lines) {
    if (line.kind === 'if') open.push([line]);
    else if (line.kind === 'endif') {
      const group = open.pop();
      if (group) close(group, line);
    } else open.at(-1)?.push(line);
  }
  for (const group of open.reverse()) close(group, undefined);
  return groups;
}

/** The branches that no compiler sees: `#if 0`, and the `#else` of `#if 1`. */
export function deadBranches(groups: readonly ConditionalGroup[]): readonly Comment[] {
  const dead: Comment[] = [];
  for (const { branches } of groups) {
    const first = branches[0];
    if (first && /^#if 0$/.test(first.condition)) dead.push({ start: first.start, end: first.end });
    if (first && /^#if 1$/.test(first.condition))
      for (const branch of branches.slice(1)) dead.push({ start: branch.start, end: branch.end });
  }
  return dead;
}

/**
 * Finds the `#if` groups with a branch that opens or closes brackets of the code around it. Of such a group only the first
 * branch that a compiler may see is kept, and that choice is recorded.
 * @param code the code without dead branches
 * @param neverSeen those branches
 * @returns what to leave out, and which conditions are taken as true because of that
 */
export function unbalancedBranches(
  code: string,
  groups: readonly ConditionalGroup[],
  neverSeen: readonly Comment[],
): { readonly dead: readonly Comment[]; readonly assumptions: readonly Assumption[] } {
  const dead: Comment[] = [];
  const assumptions: Assumption[] = [];
  const neverSeenAt = new Set(neverSeen.map((range) => range.start));
  for (const { start, end, branches } of groups) {
    const seen = branches.filter((branch) => !neverSeenAt.has(branch.start));
    // Inner groups come first: what was left out of this one stands at the end of the list.
    let first = dead.length;
    while ((dead[first - 1]?.start ?? -1) >= start) first--;
    const inner = dead.slice(first);
    const unbalanced = seen.some((branch) => !isBalanced(code, branch, inner));
    const kept = seen[0];
    // A single branch that opens a bracket which another group closes is kept: both conditions are taken as true.
    if (!unbalanced || !kept) continue;
    if (!alwaysHolds(branches, branches.indexOf(kept))) assumptions.push({ at: kept.at, condition: kept.condition });
    // The directives are left out, too: with them the parser would expect each branch to be complete.
    dead.push({ start, end: kept.start }, { start: kept.end, end });
  }
  return { dead, assumptions };
}

/** Whether a branch is what every compiler sees: `#if 1`, or the `#else` of `#if 0`. */
function alwaysHolds(branches: readonly Branch[], index: number): boolean {
  const [first] = branches;
  return index === 0
    ? first?.condition === '#if 1'
    : index === 1 && first?.condition === '#if 0' && branches[1]?.condition === '#else';
}

function isInside(ranges: readonly Comment[], at: number): boolean {
  for (const range of ranges) if (range.start <= at && at < range.end) return true;
  return false;
}

function isBalanced(code: string, branch: Branch, dead: readonly Comment[]): boolean {
  let braces = 0;
  let parens = 0;
  for (let at = branch.start; at < branch.end; at++) {
    const character = code.charCodeAt(at);
    if (character !== 40 && character !== 41 && character !== 123 && character !== 125) continue; // ( ) { }
    if (isInside(dead, at)) continue;
    if (character > 100) braces += character === 123 ? 1 : -1;
    else parens += character === 40 ? 1 : -1;
    if (braces < 0 || parens < 0) return false;
  }
  return braces === 0 && parens === 0;
}

/** The branches of all groups with their conditions, outer ones first. Branches that every compiler sees are left out. */
export function conditionRanges(groups: readonly ConditionalGroup[]): readonly ConditionRange[] {
  return groups
    .flatMap(({ branches }) =>
      branches
        .filter((_, index) => !alwaysHolds(branches, index))
        .map((branch) => ({
          start: branch.start,
          end: branch.end,
          condition: /^#(else|elif)/.test(branch.condition)
            ? `${branch.condition} of ${branches[0]?.condition}`
            : branch.condition,
        })),
    )
    .sort((left, right) => left.start - right.start || right.end - left.end);
}
