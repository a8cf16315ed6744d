// Does a map that first undoes the mapping before it do so in the new direction?

import { type Expression, expressionText, lvalueText, stripCasts, visitExpressions } from '../../c/index.js';
import { stepDirection } from '../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';
import type { CodeEvent } from '../calls/calls-in-order.js';
import type { Undoing } from '../model/mappings.js';

/**
 * Returns the calls of a map that undo an earlier mapping of the attachment in the direction which the map was called with: a
 * mapping that is kept until another direction is asked for had another one. Only calls in the op itself are looked at.
 * @param does the calls that do the step
 * @param undoes those that undo it
 */
export function earlierUndone(
  codebase: Codebase,
  does: readonly CodeEvent[],
  undoes: readonly CodeEvent[],
  about: Pick<Undoing, 'map' | 'unmap' | 'step' | 'does'>,
): readonly Undoing[] {
  const { map } = about;
  const parameter = map.outline.parameters.find(({ type }) => type.includes('dma_data_direction'))?.name;
  const isOwn = ({ point, chain }: CodeEvent): boolean => chain.length === 0 && point.ref === map;
  const first = does.find(isOwn)?.point.at;
  if (parameter === undefined || first === undefined || does.some((event) => !isOwn(event))) return [];
  return undoes.filter(isOwn).flatMap(({ name, point }): readonly Undoing[] => {
    const index = stepDirection(name);
    const value = index === undefined ? undefined : point.call?.arguments[index];
    if (!value || point.at > first || comparesWithOwn(point.around, parameter)) return [];
    if (!isNew(codebase, map, stripCasts(value), parameter, point.at)) return [];
    const undone = { ref: map, at: point.at, api: name };
    return [
      {
        ...about,
        kind: 'direction',
        undoes: undone,
        mapped: 'that of the mapping before',
        unmapped: "the importer's new direction",
      },
    ];
  });
}

/** Whether a test around the call compares the new direction with something. */
function comparesWithOwn(around: CodeEvent['point']['around'], parameter: string): boolean {
  const word = new RegExp(`\\b${parameter}\\b`);
  return around.some((outer) => outer.kind === 'if' && word.test(expressionText(outer.test)));
}

/** Whether a value is the new direction, or a member that holds it by then: the last store before the call is of it. */
function isNew(codebase: Codebase, map: FunctionRef, value: Expression, parameter: string, at: number): boolean {
  if (value.kind === 'name') return value.name === parameter;
  const member = value.kind === 'member' ? lvalueText(value) : null;
  let last: Expression | undefined;
  visitExpressions(codebase.program.lower(map).body, (expression) => {
    if (expression.kind !== 'assignment' || expression.operator !== '=' || expression.at > at) return;
    if (member !== null && lvalueText(expression.target) === member) last = expression.value;
  });
  return last?.kind === 'name' && last.name === parameter;
}
