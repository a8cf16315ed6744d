import type { FunctionUnit } from '../../c/index.js';
import { answerKeys, type State, stateWith } from '../state/state.js';

/** What an `#if` group tests, and the order of its branches. */
export interface VariantQuestion {
  readonly question: string;
  /** Whether the first branch stands for the second answer. */
  readonly isSwapped: boolean;
}

/**
 * What an `#if` tests: `#ifdef X`, `#ifndef X` and `#if defined(X)` test the same; the branches of `#ifndef X` are
 * swapped.
 * @param labels the conditions of all branches, including the first one
 */
export function questionOf(condition: string, labels: readonly string[]): VariantQuestion {
  const [, ndef, asked] = /^#(?:el)?if(n?)def (\w+)$/.exec(condition) ?? [];
  const [, not, name = asked] = /^#(?:el)?if (!?) ?defined ?\(? ?(\w+) ?\)?$/.exec(condition) ?? [];
  if (name === undefined || labels.length !== 2 || !labels[1]?.startsWith('#else'))
    return { question: condition, isSwapped: false };
  return { question: `#ifdef ${name}`, isSwapped: Boolean(ndef || not) };
}

/**
 * Takes the assumptions of a function's unit as true: only one of its `#if` branches was read.
 * @returns the state in which the function is entered; undefined if the path has taken another branch of such a group
 */
export function withAssumptions({ assumptions }: FunctionUnit, state: State): State | undefined {
  let { answers } = state;
  for (const { condition } of assumptions) {
    const { question, isSwapped } = questionOf(condition, [condition, '#else']);
    const key = answerKeys.variant(question);
    const first = isSwapped ? 1 : 0;
    const decided = answers.get(key);
    if (typeof decided === 'number' && decided !== first) return undefined;
    if (decided === undefined) answers = answers.with(key, first);
  }
  return answers === state.answers ? state : stateWith(state, { answers });
}
