import { resourceLives } from '../../kernel/index.js';
import { type Codebase, functionsIn } from '../../program/index.js';
import type { FlowEvent, FlowExit } from '../model/results.js';
import { followFunction } from '../paths/follow.js';
import { leaksAt } from '../paths/leaks.js';
import type { Resource } from '../state/resource.js';
import type { Decision } from '../state/state.js';
import { createRelevance } from '../tree/relevance.js';
import { explainLocks } from './explain-locks.js';
import { createLineOf, describeEnd, type LineOf } from './wording.js';

/**
 * Says in words what a function holds, releases and gives away at each of its exits.
 * @returns lines of text, or undefined where the file has no such function
 */
export function explainPaths(codebase: Codebase, path: string, name: string): readonly string[] | undefined {
  const ref = functionsIn(codebase.program, path).find(({ outline }) => outline.name === name);
  if (!ref) return undefined;
  const flow = followFunction(codebase, createRelevance(codebase), ref);
  const lineOf = createLineOf(codebase, path);
  const exits = flow.exits.length;
  return [
    `${name}() has ${exits} exit${exits === 1 ? ' that matters' : 's that differ in what is held'}`,
    ...flow.exits.flatMap((exit) => explainExit(exit, path, lineOf)),
    ...[...new Set(flow.events.map((event) => explainEvent(event, lineOf)))],
    ...explainLocks(codebase, ref, lineOf),
    ...(flow.incomplete ? [`not every path was followed: ${flow.incomplete}`] : []),
  ];
}

const outcomes: Readonly<Record<FlowExit['outcome'], string>> = {
  error: 'leaves in error',
  success: 'leaves in success',
  unknown: 'leaves with an unknown result',
};

function explainExit(exit: FlowExit, path: string, lineOf: LineOf): readonly string[] {
  const { state, outcome, at } = exit;
  const decisions = state.decisions.map((decision) => `${lineOf(decision.path, decision.at)} ${answerOf(decision)}`);
  const lost = new Set(leaksAt(exit).flatMap((leak) => (leak.isKnownOutside ? [] : [leak.resource])));
  const held = state.resources.map((resource) => `  ${explainResource(resource, lost.has(resource), lineOf)}`);
  const head = `${outcomes[outcome]} at ${lineOf(path, at)}`;
  return [
    decisions.length > 0 ? `${head} after ${decisions.join(', ')}` : head,
    ...(held.length > 0 ? held : ['  nothing taken']),
  ];
}

function answerOf(decision: Decision): string {
  switch (decision.kind) {
    case 'test':
      return String(decision.answer);
    case 'variant':
      return decision.condition;
    case 'moved':
      return `runs ${decision.callback}()`;
  }
}

function explainResource(resource: Resource, isLost: boolean, lineOf: LineOf): string {
  const { kind, api, count, end } = resource;
  const taken = count > 0 ? `taken by ${api}() at ${lineOf(resource.path, resource.at)}` : 'taken elsewhere';
  const still = isLost ? 'still held, and stored nowhere' : 'still held';
  return `${resourceLives[kind].name} ${taken}: ${end ? `${describeEnd(end)} at ${lineOf(end.path, end.at)}` : still}`;
}

function explainEvent(event: FlowEvent, lineOf: LineOf): string {
  const place = lineOf(event.path, event.at);
  switch (event.kind) {
    case 'double-release':
      return `${place}: ${event.use} releases what was released before`;
    case 'early-unpin':
      return `${place}: ${event.use} may run here, and drops the pin that is being taken`;
    case 'mismatched-release':
      return `${place}: ${event.use} does not fit what was acquired`;
    case 'use-after-release':
      return `${place}: ${event.use} uses what was released before`;
    case 'over-put':
      return `${place}: ${event.use} drops a reference that is not held here any more`;
    case 'use-after-publish':
      return `${place}: ${event.use} uses what goes when the descriptor is closed`;
    case 'freed-by-put':
      return `${place}: ${event.use} frees what the last put has freed`;
    case 'freed-again':
      return `${place}: ${event.use} frees what was already freed`;
    case 'double-free':
      return `${place}: ${event.use} frees what the release of the dma-buf has freed`;
    case 'put-again':
      return `${place}: ${event.use} puts the reference that the release of the dma-buf has put`;
    case 'unmade-release':
      return `${place}: ${event.use} ends a kernel mapping that was not made`;
    case 'error-pointer':
      return `${place}: ${event.use} uses what may be an error from ${event.origin?.api ?? 'the API'}()`;
  }
}
