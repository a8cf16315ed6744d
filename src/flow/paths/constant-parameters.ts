import {
  type Expression,
  type FunctionUnit,
  subexpressions,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { exchangeMacro, fillsVariable } from '../../kernel/index.js';
import { constantArguments } from '../callers/constant-arguments.js';
import { fixedParameters } from '../constants/known-order.js';
import { moduleMacros } from '../expansion/module-macros.js';
import { graphOf } from '../graph/build-graph.js';
import { leaves } from '../graph/repeated-tests.js';
import type { CallFrame, Engine } from '../model/engine.js';

/** Code that is not read in full: a range of cases, `case 0 ... 3:`, and assembly. */
const readInPart = /\.\.\.|\basm\b|\b__asm__\b/;

/**
 * Notes the parameters of a function for which all its calls pass the same number, before the function is followed for itself:
 * what stands behind a test of such a number may be dead code.
 */
export function noteGivenNumbers(engine: Engine, frame: CallFrame): void {
  const { unit, ref } = frame;
  const asked = askedParameters(unit);
  // What cannot be parsed may change any of them.
  if (asked.size === 0 || unit.unparsed.length > 0 || readInPart.test(engine.codebase.program.bodyText(ref))) return;
  const numbers = constantArguments(engine.codebase, ref);
  if (numbers.every((number) => number === null)) return;
  const changed = mayChange(engine, frame);
  for (const [index, { name }] of unit.parameters.entries()) {
    const number = numbers[index] ?? null;
    if (number !== null && asked.has(name) && !changed(name)) engine.given.set(name, number);
  }
}

/** The parameters which keep what the caller passed, and which a test asks for. */
function askedParameters(unit: FunctionUnit): ReadonlySet<string> {
  const fixed = fixedParameters(unit);
  if (fixed.size === 0) return fixed;
  const tests = graphOf(unit).nodes.flatMap((node): readonly Expression[] => {
    if (node.kind === 'switch') return [node.subject];
    return node.kind === 'test' ? leaves(node.test) : [];
  });
  return new Set(tests.flatMap(namesIn).filter((name) => fixed.has(name)));
}

/** Whether a name may be that of another variable in a part of a function, or be changed by what is not understood. */
function mayChange({ codebase }: Engine, { unit, ref }: CallFrame): (name: string) => boolean {
  const names = new Set<string>();
  const texts: string[] = [];
  const { all } = moduleMacros(codebase, ref.path);
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'declaration') names.add(statement.name);
    if (statement.kind === 'unparsed') texts.push(statement.text);
    if (statement.kind === 'macro-block') for (const name of statement.arguments.flatMap(namesIn)) names.add(name);
  });
  visitExpressions(unit.body, (one, statement) => {
    if (statement.kind === 'declaration') names.add(statement.name);
    if (one.kind === 'unparsed') texts.push(one.text);
    const callee = one.kind === 'call' && one.callee.kind === 'name' ? one.callee.name : '';
    const isMacro = all.has(callee) || callee === exchangeMacro || fillsVariable.has(callee);
    if (one.kind === 'call' && isMacro) for (const name of one.arguments.flatMap(namesIn)) names.add(name);
  });
  return (name) => names.has(name) || texts.some((text) => new RegExp(`\\b${name}\\b`).test(text));
}

function namesIn(test: Expression): readonly string[] {
  return test.kind === 'name' ? [test.name] : subexpressions(test).flatMap(namesIn);
}
