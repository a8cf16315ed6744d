import type { ConditionalLine } from './mask.js';
import type { Assumption, Comment, ConditionRange } from './unit.js';

/** One branch of an `#if` group: from the end of its directive to the start of the next one. */
export interface Branch {
  readonly condition: string;
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

export interface ConditionalGroup {
  readonly start: number;
  readonly end: number;
  readonly branches: readonly Branch[];
}

/** Pairs up the directives, inner groups first. Unmatched ones are passed over. */
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

/** What no compiler sees: `#if 0`, and the `#else` of `#if 1`. */
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
 * Groups whose branches open or close braces of the text around them cannot all be kept: the first branch stays, and
 * that choice is recorded. Returns what to leave out.
 */
export function unbalancedBranches(
  code: string,
  groups: readonly ConditionalGroup[],
): { readonly dead: readonly Comment[]; readonly assumptions: readonly Assumption[] } {
  const dead: Comment[] = [];
  const assumptions: Assumption[] = [];
  const isDead = (at: number): boolean => dead.some((range) => range.start <= at && at < range.end);
  for (const { start, end, branches } of groups) {
    const unbalanced = branches.some((branch) => !isBalanced(code, branch, isDead));
    const kept = branches[0];
    // A single branch that opens what another group closes is kept: both are taken as true.
    if (!unbalanced || !kept) continue;
    assumptions.push({ at: kept.at, condition: kept.condition });
    // The directives go as well: a parser would take the group for a whole.
    dead.push({ start, end: kept.start }, { start: kept.end, end });
  }
  return { dead, assumptions };
}

function isBalanced(code: string, branch: Branch, isDead: (at: number) => boolean): boolean {
  let depth = 0;
  for (let at = branch.start; at < branch.end; at++) {
    const character = code.charCodeAt(at);
    if (character !== 123 && character !== 125) continue; // { }
    if (isDead(at)) continue;
    depth += character === 123 ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** Conditions by range, outermost first. */
export function conditionRanges(groups: readonly ConditionalGroup[]): readonly ConditionRange[] {
  return groups
    .flatMap(({ branches }) =>
      branches.map((branch) => ({
        start: branch.start,
        end: branch.end,
        condition: /^#(else|elif)/.test(branch.condition)
          ? `${branch.condition} of ${branches[0]?.condition}`
          : branch.condition,
      })),
    )
    .sort((left, right) => left.start - right.start || right.end - left.end);
}
