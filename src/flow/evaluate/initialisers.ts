import type { Expression } from '../../c/index.js';
import { isZeroLiteral } from '../../kernel/index.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import { answerKeys, type State, stateWith } from '../state/state.js';

/** `{ .ops = &x, … }`: an object with these members, and zero in all others; one for each path through its entries. */
export function evaluateInitialiser(
  engine: Engine,
  expression: Expression,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  const list = expression.kind === 'compound-literal' ? expression.value : expression;
  const object = engine.newValue();
  if (list.kind !== 'initialiser') return engine.evaluate(list, state, frame);
  // To find a struct reads headers: only where an entry has no name.
  const isByPlace = list.entries.some(({ designators, value }) => designators.length === 0 && !isZeroLiteral(value));
  const names = isByPlace && expression.kind === 'compound-literal' ? membersOf(engine, expression.type, frame) : [];
  let paths: readonly State[] = [leavesZeroes(list, names) ? withZeroes(state, object) : state];
  for (const [index, { designators, value }] of list.entries.entries()) {
    // What an entry without a name fills may not be known: the object holds the value all the same.
    const member = designators.length > 0 ? designators.join('.') : (names[index] ?? `#${index}`);
    const key = `${object}.${member}`;
    paths = engine.bounded(
      paths.flatMap((before) =>
        engine
          .evaluate(value, before, frame)
          .map((result) => stateWith(result.state, { heap: result.state.heap.with(key, result.value) })),
      ),
    );
  }
  return paths.map((after) => ({ value: object, state: after }));
}

/** The members of the struct that a compound literal is of, in order; none where it is not found. */
function membersOf({ codebase }: Engine, type: string, { ref }: CallFrame): readonly string[] {
  const tag = /\bstruct\s+(\w+)\s*$/.exec(type.trim())?.[1];
  const struct = tag === undefined ? null : codebase.definitions.struct(tag, ref.path);
  return struct ? [...struct.fields.keys()] : [];
}

/**
 * Whether what an initialiser does not name is known to be zero: `{ .fd = -1 }`, `{}`, `{ 0 }`. Of an entry without a name it
 * may not be known which member it fills, and of one with several names not which object.
 * @param names the members of the struct, in order, where they are known
 */
function leavesZeroes({ entries }: Extract<Expression, { kind: 'initialiser' }>, names: readonly string[]): boolean {
  return entries.every(({ designators: [member, ...inner], value }, index) =>
    member === undefined
      ? names[index] !== undefined || isZeroLiteral(value)
      : inner.length === 0 && /^\w+$/.test(member),
  );
}

function withZeroes(state: State, object: number): State {
  return stateWith(state, { answers: state.answers.with(answerKeys.zeroed(object), true) });
}
