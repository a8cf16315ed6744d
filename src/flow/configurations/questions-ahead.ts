// What a path may still be asked about its configuration: paths that know different answers are not followed as one before.

import { callsIn, type FunctionUnit, type Statement, visitStatements } from '../../c/index.js';
import { apiFunctions, lockFunctions } from '../../kernel/index.js';
import { expandedFunction } from '../expansion/expand-statements.js';
import { graphOf } from '../graph/build-graph.js';
import type { ControlFlowGraph } from '../graph/model.js';
import { leaves } from '../graph/repeated-tests.js';
import type { CallerPlace, CallFrame, Engine } from '../model/engine.js';
import type { RepeatedAnswer } from '../state/signature.js';
import { answerKeys } from '../state/state.js';
import { definitionsOf } from './definitions.js';
import { questionInCode } from './question-in-code.js';
import { questionsIn, questionsOf } from './variants.js';

/** Questions, as texts, with the last offset at which each is asked. */
type Questions = ReadonlyMap<string, number>;

/** The questions of callees of callees are asked, too. */
const deepest = 2;

/** The questions that a path may meet in the rest of a graph, and in the functions that called it. */
export function questionsAhead(engine: Engine, graph: ControlFlowGraph, frame: CallFrame): readonly RepeatedAnswer[] {
  const own = askedIn(engine, graph, frame.unit, frame.ref.path);
  return [...asAnswers(own), ...questionsAround(engine, graph === graphOf(frame.unit) ? frame.from : { frame, at: 0 })];
}

/** The questions that a path may meet after a call has returned. */
export function questionsAround(engine: Engine, from: CallerPlace | null): readonly RepeatedAnswer[] {
  const found = new Map<string, number>();
  for (let place = from; place; place = place.frame.from) {
    const { frame, at } = place;
    for (const [question, last] of askedIn(engine, graphOf(frame.unit), frame.unit, frame.ref.path))
      if (last > at) found.set(question, Number.POSITIVE_INFINITY);
  }
  return asAnswers(found);
}

const asAnswers = (questions: Questions): readonly RepeatedAnswer[] =>
  [...questions].map(([question, last]) => {
    const variant = answerKeys.variant(question);
    return { last, decided: variant, variant };
  });

function askedIn(engine: Engine, graph: ControlFlowGraph, unit: FunctionUnit, path: string): Questions {
  let known = engine.questions.get(graph);
  if (!known) {
    known = find(engine, graph, unit, path, deepest);
    engine.questions.set(graph, known);
  }
  return known;
}

function find(engine: Engine, graph: ControlFlowGraph, unit: FunctionUnit, path: string, depth: number): Questions {
  const found = new Map<string, number>();
  const note = (questions: readonly string[], at: number): void => {
    for (const one of questions) found.set(one, Math.max(found.get(one) ?? 0, at));
  };
  const isOutermost = depth === deepest;
  for (const node of graph.nodes) {
    if (isOutermost && node.kind === 'choose' && node.key !== null) note(questionsOf(node.labels), node.at);
    if (node.kind !== 'test') continue;
    for (const leaf of leaves(node.test)) {
      const formula = questionInCode(leaf);
      if (formula) note(questionsIn(formula), leaf.at);
    }
  }
  if (!isOutermost)
    visitStatements(unit.body, (one) => {
      if (one.kind === 'variants' && one.branches.some(({ body }) => decides(engine, body, path)))
        note(questionsOf(one.branches.map(({ condition }) => condition)), one.at);
    });
  for (const { name, call } of callsIn(unit.body)) {
    const target = name === null ? undefined : engine.find(name, path);
    if (!target || !engine.relevance.matters(target)) continue;
    for (const { facts } of definitionsOf(engine.codebase, target, path))
      note(
        facts.flatMap(({ formula }) => questionsIn(formula)),
        call.at,
      );
    if (depth === 0) continue;
    const callee = expandedFunction(engine.codebase, target);
    note([...find(engine, graphOf(callee), callee, target.path, depth - 1).keys()], call.at);
  }
  return found;
}

/** Whether a branch of an `#if` in a callee does anything that its callers can tell: it leaves, or calls what matters. */
function decides(engine: Engine, body: readonly Statement[], path: string): boolean {
  let isLeft = false;
  visitStatements(body, ({ kind }) => {
    isLeft ||= kind === 'return' || kind === 'goto';
  });
  const matters = (name: string): boolean => {
    if (apiFunctions.has(name) || lockFunctions.has(name)) return true;
    const target = engine.find(name, path);
    return target !== undefined && engine.relevance.matters(target);
  };
  return isLeft || callsIn(body).some(({ name }) => name !== null && matters(name));
}
