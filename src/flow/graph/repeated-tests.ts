import type { Expression } from '../../c/index.js';
import { asksWhatLasts } from '../../kernel/index.js';
import { textOf } from '../configurations/formula.js';
import { questionInCode } from '../configurations/question-in-code.js';
import { transparentArgument } from './macro-forms.js';
import type { ControlFlowGraph } from './model.js';
import { truthTest } from './truth-tests.js';

/** A test that stands in a function more than once: its text, and its last offset. */
export type RepeatedTests = ReadonlyMap<string, number>;

const known = new WeakMap<ControlFlowGraph, RepeatedTests>();

/**
 * Finds the tests of a graph that stand in it more than once. Paths that answered one of them differently must not be
 * followed as one before the last of its places: each of them goes another way there.
 */
export function repeatedTests(graph: ControlFlowGraph): RepeatedTests {
  let found = known.get(graph);
  if (!found) {
    const places = new Map<string, Set<number>>();
    const note = (text: string, at: number): void => void places.set(text, (places.get(text) ?? new Set()).add(at));
    const masks = masksIn(graph);
    for (const node of graph.nodes) {
      if (node.kind === 'test')
        for (const leaf of [...leaves(node.test), ...leavesInArguments(node.test)]) {
          const asked = askedBy(leaf);
          if (asked) note(asked.text, leaf.at);
          if (asked) for (const mask of masks) if (mayAskFor(mask, leaf)) note(asked.text, mask.at);
        }
    }
    found = new Map([...places].filter(([, at]) => at.size > 1).map(([text, at]) => [text, Math.max(...at)]));
    known.set(graph, found);
  }
  return found;
}

type Mask = Extract<Expression, { kind: 'binary' }>;

/** The places that ask for several flags of a word at once: `switch (mode & (READ | WRITE))`, `(mode & BOTH) == BOTH`. */
function masksIn(graph: ControlFlowGraph): readonly Mask[] {
  const found: Mask[] = [];
  const note = (one: Expression): void => {
    if (one.kind === 'binary' && one.operator === '&') found.push(one);
  };
  for (const node of graph.nodes) {
    if (node.kind === 'switch') note(node.subject);
    if (node.kind !== 'test') continue;
    for (const leaf of leaves(node.test)) {
      if (leaf.kind !== 'binary') continue;
      if (leaf.operator === '==' || leaf.operator === '!=') for (const side of [leaf.left, leaf.right]) note(side);
      else if (leaf.right.kind === 'binary' && leaf.right.operator === '|') note(leaf);
    }
  }
  return found;
}

/** Whether a mask asks for the flag, besides others, that a test of the same word asks for: `mode & READ`. */
function mayAskFor(mask: Mask, test: Expression): boolean {
  if (test.kind !== 'binary' || test.operator !== '&' || test.right.kind === 'binary') return false;
  const word = testText(test.left);
  if (word === null || testText(mask.left) !== word) return false;
  const flags = flagTexts(mask.right);
  // One name may be that of several flags.
  return flags.length === 1 || flags.includes(testText(test.right));
}

/** The flags of `READ | WRITE`, as text. */
function flagTexts(mask: Expression): readonly (string | null)[] {
  return mask.kind === 'binary' && mask.operator === '|'
    ? [...flagTexts(mask.left), ...flagTexts(mask.right)]
    : [testText(mask)];
}

/** The tests that a condition is made of, without `&&`, `||` and `!`. */
export function leaves(test: Expression): readonly Expression[] {
  if (test.kind === 'binary' && (test.operator === '&&' || test.operator === '||'))
    return [...leaves(test.left), ...leaves(test.right)];
  if (test.kind === 'unary' && test.operator === '!') return leaves(test.operand);
  if (test.kind === 'sequence') return test.items.slice(-1).flatMap(leaves);
  const inner = transparentArgument(test) ?? truthTest(test)?.operand;
  return inner ? leaves(inner) : [test];
}

/** The tests within arguments of a macro that is tested: those of `!a` and `a && b` in `if (XE_IOCTL_DBG(xe, a && b))`. */
function leavesInArguments(test: Expression): readonly Expression[] {
  return leaves(test).flatMap((leaf) =>
    leaf.kind === 'call' ? leaf.arguments.filter(isLogical).flatMap((one) => leaves(one)) : [],
  );
}

const logical: ReadonlySet<string> = new Set(['&&', '||', '!']);

const isLogical = (one: Expression): boolean =>
  (one.kind === 'binary' || one.kind === 'unary') && logical.has(one.operator);

/** A test in normal form: a text that is the same for `a != b` and `b == a`, and whether the test negates it. */
export interface AskedTest {
  readonly text: string;
  readonly isOpposite: boolean;
}

/** How to write a comparison with `==` or `<`: whether to swap the operands, and whether to negate the answer. */
const plainComparisons: ReadonlyMap<
  string,
  { readonly operator: string; readonly isSwapped: boolean; readonly isOpposite: boolean }
> = new Map([
  ['!=', { operator: '==', isSwapped: false, isOpposite: true }],
  ['>', { operator: '<', isSwapped: true, isOpposite: false }],
  ['>=', { operator: '<', isSwapped: false, isOpposite: true }],
  ['<=', { operator: '<', isSwapped: true, isOpposite: true }],
]);

/** The normal form of a test without `&&`, `||` and `!`; null if it contains a call that may answer otherwise next time. */
export function askedBy(test: Expression): AskedTest | null {
  const plain = test.kind === 'binary' ? plainComparisons.get(test.operator) : undefined;
  const isComparison = plain !== undefined || (test.kind === 'binary' && test.operator === '==');
  if (test.kind !== 'binary' || !isComparison) {
    const text = testText(test);
    return text === null ? null : { text, isOpposite: false };
  }
  const { operator = test.operator, isSwapped = false, isOpposite = false } = plain ?? {};
  const [left, right] = [testText(test.left), testText(test.right)];
  if (left === null || right === null) return null;
  const isTurned = operator === '==' ? right < left : isSwapped;
  return { text: isTurned ? `(${right}${operator}${left})` : `(${left}${operator}${right})`, isOpposite };
}

/** A test as text; null where it contains a call that may answer otherwise next time. */
function testText(test: Expression): string | null {
  switch (test.kind) {
    case 'name':
      return test.name;
    case 'literal':
      return test.text;
    case 'call': {
      const option = questionInCode(test);
      if (option !== undefined) return textOf(option);
      if (test.callee.kind !== 'name' || !asksWhatLasts(test.callee.name)) return null;
      const values = test.arguments.map(testText);
      return values.includes(null) ? null : `${test.callee.name}(${values.join()})`;
    }
    case 'member': {
      const object = testText(test.object);
      return object && `${object}.${test.member}`;
    }
    case 'unary':
    case 'cast': {
      const operand = testText(test.operand);
      return operand && `${test.kind === 'unary' ? test.operator : ''}(${operand})`;
    }
    case 'binary': {
      const left = testText(test.left);
      const right = testText(test.right);
      return left && right && `(${left}${test.operator}${right})`;
    }
    default:
      return null;
  }
}
