import type { Macro } from '../unit.js';
import { expressionValue, isDefined } from './condition-value.js';
import type { KnownMacro } from './macro-table.js';
import type { ConditionalLine, MaskedText } from './mask.js';

/**
 * What is known of one branch of an `#if` group: that it is compiled, that it is not, nothing, or that it is compiled where
 * no branch before it is.
 */
export type BranchFate = 'live' | 'dead' | 'open' | 'otherwise';

/** What the preprocessor does with a file. */
export interface DecidedFile {
  /** The fate of each branch, by the offset of its directive. */
  readonly fates: ReadonlyMap<number, BranchFate>;
  /** The macros that are known where the file ends. */
  readonly macros: ReadonlyMap<string, KnownMacro>;
}

/** A directive that matters here, at its place. */
type Event =
  | { readonly kind: 'branch'; readonly line: ConditionalLine; readonly at: number }
  | { readonly kind: 'define'; readonly macro: Macro; readonly at: number }
  | { readonly kind: 'undef'; readonly name: string; readonly at: number };

/** An `#if` group that is open at a point. */
interface OpenGroup {
  readonly around: Holds;
  /** Whether the current branch is compiled, and whether one before it is. */
  state: Holds;
  taken: Holds;
}

/** Null where it is not known. */
type Holds = boolean | null;

/**
 * Decides the branches of a file in the order of the text, as the preprocessor does: a macro is known from its `#define`
 * on, and one that is defined only in a dead branch is not defined.
 * @param before what is known before the file begins
 */
export function decideBranches(
  { conditionals, macros, undefined: removed }: Pick<MaskedText, 'conditionals' | 'macros' | 'undefined'>,
  before: ReadonlyMap<string, KnownMacro>,
): DecidedFile {
  const events: readonly Event[] = [
    ...conditionals.map((line): Event => ({ kind: 'branch', line, at: line.start })),
    ...macros.map((macro): Event => ({ kind: 'define', macro, at: macro.at })),
    ...removed.map(({ name, at }): Event => ({ kind: 'undef', name, at })),
  ].sort((left, right) => left.at - right.at);
  const known = new Map(before);
  const fates = new Map<number, BranchFate>();
  const groups: OpenGroup[] = [];
  for (const [index, event] of events.entries()) {
    const around = groups.at(-1);
    const state = around ? around.state : true;
    if (event.kind === 'define') define(known, event.macro, state);
    else if (event.kind === 'undef') undefine(known, event.name, state);
    else if (event.line.kind === 'if') {
      const condition = isDefault(event, events, index, known) || conditionHolds(event.line.text, known);
      const group: OpenGroup = { around: state, state: both(state, condition), taken: condition };
      groups.push(group);
      fates.set(event.at, fateOf(state, condition, false));
    } else if (event.line.kind === 'endif') groups.pop();
    else {
      const group = groups.at(-1);
      if (group) fates.set(event.at, nextBranch(group, event.line, known));
    }
  }
  return { fates, macros: known };
}

/**
 * `#ifndef X` around `#define X`, of an include guard or a default: nobody in sight defines it before. Behind a further
 * question, as in `#if VERSION >= 7`, it is a default, too.
 */
function isDefault(
  { line }: Event & { kind: 'branch' },
  events: readonly Event[],
  index: number,
  known: DecidedFile['macros'],
): boolean {
  const name = /^#(?:ifndef (\w+)|if ! ?defined ?\(? ?(\w+) ?\)?)$/.exec(line.text);
  const asked = name?.[1] ?? name?.[2];
  if (asked === undefined || known.has(asked)) return false;
  let depth = 0;
  for (let at = index + 1; at < events.length; at++) {
    const next = events[at];
    if (next?.kind === 'define' && next.macro.name === asked) return true;
    if (next?.kind !== 'branch') return false;
    // A branch for those who have it already says that somebody may.
    if (depth === 0 && next.line.kind !== 'if') return false;
    if (next.line.kind === 'if') depth++;
    else if (next.line.kind === 'endif') depth--;
  }
  return false;
}

function nextBranch(group: OpenGroup, line: ConditionalLine, known: DecidedFile['macros']): BranchFate {
  const condition = line.kind === 'else' ? true : conditionHolds(line.text, known);
  const before = group.taken;
  group.state = before === true ? false : both(group.around, both(condition, before === null ? null : true));
  const fate: BranchFate =
    before === true
      ? 'dead'
      : before === null && condition === true
        ? 'otherwise'
        : fateOf(group.around, condition, before === null);
  group.taken = before === true || condition === true ? true : before === null || condition === null ? null : false;
  return group.around === false ? 'dead' : fate;
}

function fateOf(around: Holds, condition: Holds, isOpenBefore: boolean): BranchFate {
  if (around === false || condition === false) return 'dead';
  return condition === true && !isOpenBefore ? 'live' : 'open';
}

function both(left: Holds, right: Holds): Holds {
  if (left === false || right === false) return false;
  return left === null || right === null ? null : true;
}

/** Whether the condition of a directive holds: `#ifdef X`, `#elif X > 1`. */
function conditionHolds(text: string, known: ReadonlyMap<string, KnownMacro>): Holds {
  const [, word = '', rest = ''] = /^#(\w+) ?(.*)$/s.exec(text) ?? [];
  if (/^(?:if|elif)$/.test(word)) {
    const value = expressionValue(rest, known);
    return value === null ? null : value !== 0;
  }
  const answer = isDefined(rest.trim(), known);
  if (answer === null) return null;
  return /ndef$/.test(word) ? !answer : answer;
}

function define(known: Map<string, KnownMacro>, { name, parameters, body }: Macro, state: Holds): void {
  const before = known.get(name);
  const macro = { parameters, body };
  if (state === true) known.set(name, { kind: 'defined', macro });
  else if (state === false) {
    if (!before) known.set(name, { kind: 'undefined' });
  } else known.set(name, { kind: 'open', ways: [...waysOf(before), macro] });
}

function undefine(known: Map<string, KnownMacro>, name: string, state: Holds): void {
  if (state === true) known.set(name, { kind: 'undefined' });
  else if (state === null) known.set(name, { kind: 'open', ways: waysOf(known.get(name)) });
}

/** The ways in which a macro may be defined. */
export function waysOf(known: KnownMacro | undefined): readonly Pick<Macro, 'parameters' | 'body'>[] {
  if (!known || known.kind === 'undefined') return [];
  return known.kind === 'defined' ? [known.macro] : known.ways;
}
