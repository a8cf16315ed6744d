import type { Assumption, Comment, ConditionRange, RewrittenDirective } from '../unit.js';
import type { BranchFate } from './decide-branches.js';
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

/** What deciding the branches of a text leaves of it. */
export interface DecidedGroups {
  /** The groups of which more than one way is left, each with its branches that may be compiled. */
  readonly open: readonly ConditionalGroup[];
  /** What no compiler sees: dead branches, and the directives of groups of which one way is left. In no order. */
  readonly dead: readonly Comment[];
  /** Directives that must be read otherwise, since a branch before or after theirs is dead. */
  readonly rewritten: readonly RewrittenDirective[];
}

/**
 * Leaves out the branches that are not compiled.
 * @param fateAt the fate of the branch whose directive stands at an offset
 */
export function decideGroups(
  text: string,
  groups: readonly ConditionalGroup[],
  fateAt: (at: number) => BranchFate,
): DecidedGroups {
  const open: ConditionalGroup[] = [];
  const dead: Comment[] = [];
  const rewritten: RewrittenDirective[] = [];
  for (const { start, end, branches } of groups) {
    const alive = branches.filter(({ at }) => fateAt(at) !== 'dead');
    const [first] = alive;
    if (!first) dead.push({ start, end });
    else if (fateAt(first.at) === 'live') dead.push({ start, end: first.start }, { start: first.end, end });
    else {
      open.push({ start, end, branches: alive });
      for (const branch of branches) if (!alive.includes(branch)) dead.push({ start: branch.at, end: branch.end });
      if (first !== branches[0]) rewritten.push(asFirst(text, first));
      const last = alive.find(({ at }) => fateAt(at) === 'otherwise');
      if (last) rewritten.push({ start: last.at, end: last.start, text: '#else' });
    }
  }
  return { open, dead, rewritten };
}

/** The directive `#elif X` of a branch as `#if X`. */
function asFirst(text: string, { at, start }: Branch): RewrittenDirective {
  return { start: at, end: start, text: text.slice(at, start).replace(/^([ \t]*#[ \t]*)el(if(?:n?def)?)/, '$1$2  ') };
}

/**
 * Finds the `#if` groups with a branch that opens or closes brackets of the code around it. Of such a group only the first
 * branch that a compiler may see is kept, and that choice is recorded.
 * @param code the code without dead branches
 * @param groups those of which more than one way is left
 * @returns what to leave out, and which conditions are taken as true because of that
 */
export function unbalancedBranches(
  code: string,
  groups: readonly ConditionalGroup[],
): { readonly dead: readonly Comment[]; readonly assumptions: readonly Assumption[] } {
  const dead: Comment[] = [];
  const assumptions: Assumption[] = [];
  for (const { start, end, branches } of groups) {
    // Inner groups come first: what was left out of this one stands at the end of the list.
    let first = dead.length;
    while ((dead[first - 1]?.start ?? -1) >= start) first--;
    const inner = dead.slice(first);
    const unbalanced = branches.some((branch) => !isBalanced(code, branch, inner));
    const kept = branches[0];
    // A single branch that opens a bracket which another group closes is kept: both conditions are taken as true.
    if (!unbalanced || !kept) continue;
    assumptions.push({ at: kept.at, end: kept.end, condition: kept.condition });
    // The directives are left out, too: with them the parser would expect each branch to be complete.
    dead.push({ start, end: kept.start }, { start: kept.end, end });
  }
  return { dead, assumptions };
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

/**
 * The branches of groups with their conditions, outer ones first.
 * @param groups those of which more than one way is left
 */
export function conditionRanges(groups: readonly ConditionalGroup[]): readonly ConditionRange[] {
  return groups
    .flatMap(({ branches }) =>
      branches.map((branch, index) => ({
        start: branch.start,
        end: branch.end,
        condition:
          index > 0 && /^#(else|elif)/.test(branch.condition)
            ? `${branch.condition} of ${branches[0]?.condition}`
            : branch.condition,
      })),
    )
    .sort((left, right) => left.start - right.start || right.end - left.end);
}
