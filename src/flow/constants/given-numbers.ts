// `if (mode == EX_TAKE)`, where every call of the function passes the same number for `mode`.

import type { Expression } from '../../c/index.js';
import type { NodeOf } from '../graph/model.js';
import { leaves } from '../graph/repeated-tests.js';
import type { CallFrame, Engine } from '../model/engine.js';
import { constantOrWord, plainNumber } from './names/constant-numbers.js';

/** The operators whose result is known where both operands are numbers that are not negative. */
const operators: ReadonlyMap<string, (left: number, right: number) => number> = new Map([
  ['==', (left, right) => Number(left === right)],
  ['!=', (left, right) => Number(left !== right)],
  ['<', (left, right) => Number(left < right)],
  ['<=', (left, right) => Number(left <= right)],
  ['>', (left, right) => Number(left > right)],
  ['>=', (left, right) => Number(left >= right)],
  ['&', (left, right) => left & right],
  ['|', (left, right) => left | right],
]);

/**
 * The answer of a test of the function that is followed, where the numbers that all its calls pass decide it.
 * @returns undefined where it asks for anything else
 */
export function givenAnswer(engine: Engine, test: Expression, frame: CallFrame): boolean | undefined {
  const number = givenNumber(engine, test, frame);
  if (number === undefined) return undefined;
  for (const leaf of leaves(test)) engine.settled.add(leaf.at);
  return number !== 0;
}

/** Where a switch over such a number goes; undefined for any other, and where the number of a case is not known. */
export function givenCase(engine: Engine, node: NodeOf<'switch'>, frame: CallFrame): number | undefined {
  const number = givenNumber(engine, node.subject, frame);
  if (number === undefined) return undefined;
  const labels = node.cases.map(({ value }) => value && (numberIn(engine, value, frame) ?? undefined));
  if (labels.includes(undefined)) return undefined;
  engine.settled.add(node.at);
  const place = labels.includes(number) ? labels.indexOf(number) : labels.indexOf(null);
  return node.cases[place]?.next ?? -1;
}

function givenNumber(engine: Engine, expression: Expression, frame: CallFrame): number | undefined {
  if (engine.given.size === 0 || frame.stack.length > 1 || !names(engine, expression)) return undefined;
  return numberIn(engine, expression, frame);
}

/** Whether an expression of names and numbers asks for a parameter that is given. */
function names(engine: Engine, expression: Expression): boolean {
  if (expression.kind === 'binary') return names(engine, expression.left) || names(engine, expression.right);
  return expression.kind === 'name' && engine.given.has(expression.name);
}

function numberIn(engine: Engine, expression: Expression, frame: CallFrame): number | undefined {
  if (expression.kind === 'literal') return plainNumber(expression.text);
  if (expression.kind === 'name') {
    return engine.given.get(expression.name) ?? constantOrWord(engine.codebase, expression.name, frame.ref.path);
  }
  const operator = expression.kind === 'binary' ? operators.get(expression.operator) : undefined;
  if (expression.kind !== 'binary' || !operator) return undefined;
  const [left, right] = [numberIn(engine, expression.left, frame), numberIn(engine, expression.right, frame)];
  return left === undefined || right === undefined ? undefined : operator(left, right);
}
