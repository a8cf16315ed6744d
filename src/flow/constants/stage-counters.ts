// `ctx->stage++` after each step, and `switch (ctx->stage)` to undo those that were made: who counts so begins at 0.

import type { Expression } from '../../c/index.js';
import { countSteps } from '../../kernel/index.js';
import { type Codebase, functionsIn } from '../../program/index.js';
import { sumOf } from '../evaluate/arithmetic.js';
import { memberRaisedInLoop } from '../graph/loops.js';
import type { CallFrame, Engine } from '../model/engine.js';
import { answerKeys, type State, signsOf } from '../state/state.js';
import { anySign, type Value } from '../state/value.js';

/**
 * How many steps a member counts that the path has counted up from what it found there.
 * @param place the expression that reads the member: `ctx->stage`, `ctx->stage--`
 * @param value what it reads
 * @param isNamed whether it is compared with a stage that has a name
 * @returns undefined for a member that the path has not counted, and for one that counts no stages
 */
export function stageOf(
  engine: Engine,
  place: Expression,
  value: Value,
  state: State,
  frame: CallFrame,
  isNamed = false,
): number | undefined {
  const member = memberIn(place);
  const { base, offset } = sumOf(engine, value);
  if (member === undefined || offset < 0 || !engine.fromMembers.has(base)) return undefined;
  if (place.kind !== 'call' && signsOf(state, base) !== anySign) return undefined;
  if (offset === 0 && !state.answers.has(answerKeys.written(member))) return undefined;
  if (!isNamed && !countsStages(engine.codebase, frame.ref.path, member)) return undefined;
  if (mayRaiseAround(member, frame)) return undefined;
  return offset;
}

/** The member that is read, or counted; undefined for any other expression. */
function memberIn(place: Expression): string | undefined {
  if (place.kind === 'update' || place.kind === 'cast') return memberIn(place.operand);
  const step = place.kind === 'call' && place.callee.kind === 'name' ? countSteps.get(place.callee.name) : undefined;
  const count = place.kind === 'call' && step ? place.arguments[step.count] : undefined;
  if (count?.kind === 'unary' && count.operator === '&') return memberIn(count.operand);
  return place.kind === 'member' ? place.member : undefined;
}

/** Whether a function of the path may count a member up more than once. */
export function mayRaiseAround(member: string, frame: CallFrame): boolean {
  for (let one: CallFrame | undefined = frame; one; one = one.from?.frame)
    if (memberRaisedInLoop(one.unit, member)) return true;
  return false;
}

/** Whether a function of a file asks at which of several numbered stages a member is. Nobody asks a count of users so. */
function countsStages({ memory, program }: Codebase, path: string, member: string): boolean {
  return memory.recall(`counts-stages\0${path}\0${member}`, () => {
    const code = program.file(path)?.code ?? '';
    return functionsIn(program, path).some(({ outline }) =>
      asksForStages(code.slice(outline.bodyStart, outline.end), member),
    );
  });
}

function asksForStages(body: string, member: string): boolean {
  if (!body.includes(member)) return false;
  const numbers = new Set<string>();
  for (const [, number = ''] of body.matchAll(new RegExp(`\\b${member}\\s*(?:[<>]=?|==)\\s*(\\d+)\\b`, 'g')))
    numbers.add(number);
  for (const [, cases = ''] of body.matchAll(
    new RegExp(`\\bswitch\\s*\\([^(){}]*\\b${member}\\s*(?:--)?\\s*\\)\\s*\\{([^{}]*)`, 'g'),
  ))
    for (const [, number = ''] of cases.matchAll(/\bcase\s+(\d+)\s*:/g)) numbers.add(number);
  return [...numbers].filter((number) => number !== '0').length > 1;
}
