import { type Expression, subexpressions } from '../../c/index.js';
import { constantArguments } from '../callers/constant-arguments.js';
import { fixedParameters } from '../constants/known-order.js';
import { isConstantName } from '../evaluate/named-constants.js';
import { graphOf } from '../graph/build-graph.js';
import { leaves } from '../graph/repeated-tests.js';
import type { CallFrame, Engine } from '../model/engine.js';
import { type State, stateWith } from '../state/state.js';

/**
 * The state in which a function is entered that is followed for itself: a parameter for which all its calls pass the same
 * constant is that constant. What stands behind a test of it may be dead code: the engine notes the test as settled.
 */
export function bindConstants(engine: Engine, state: State, frame: CallFrame): State {
  const { unit, id, ref } = frame;
  const tests = testsOfParameters(frame);
  if (tests.length === 0) return state;
  const constants = constantArguments(engine.codebase, ref);
  const bound = new Set<string>();
  let after = state;
  for (const [index, { name }] of unit.parameters.entries()) {
    const constant = constants[index];
    const [known] = constant && fixedParameters(unit).has(name) ? engine.evaluate(constant, after, frame) : [];
    if (!known) continue;
    bound.add(name);
    after = stateWith(known.state, { variables: known.state.variables.with(`${id}:${name}`, known.value) });
  }
  for (const { at, names } of tests)
    if (names.every((name) => bound.has(name) || isConstantName(name))) engine.settled.add(at);
  return after;
}

/** A test that asks for a parameter, and all that it names. */
interface ParameterTest {
  readonly at: number;
  readonly names: readonly string[];
}

/** The tests of a function that ask for parameters which keep what the caller passed. */
function testsOfParameters({ unit }: CallFrame): readonly ParameterTest[] {
  const fixed = fixedParameters(unit);
  if (fixed.size === 0) return [];
  return graphOf(unit)
    .nodes.flatMap((node): readonly ParameterTest[] => {
      if (node.kind === 'switch') return [{ at: node.at, names: namesIn(node.subject) }];
      return node.kind === 'test' ? leaves(node.test).map((test) => ({ at: test.at, names: namesIn(test) })) : [];
    })
    .filter(({ names }) => names.some((name) => fixed.has(name)));
}

function namesIn(test: Expression): readonly string[] {
  return test.kind === 'name' ? [test.name] : subexpressions(test).flatMap(namesIn);
}
