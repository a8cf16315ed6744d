// After a descriptor was installed, a helper may still use the buffer, and a work item or a thread may do so even later.

import { type Expression, expressionsOf, type FunctionUnit, subexpressions, visitExpressions } from '../../c/index.js';
import {
  apiFunctions,
  changesList,
  endsWhatWasStarted,
  queueingFunctions,
  roleOf,
  threadStarters,
} from '../../kernel/index.js';
import type { FunctionRef } from '../../program/index.js';
import type { CallSite } from '../calls/call-site.js';
import { useValue } from '../evaluate/use-value.js';
import { exporterRelease } from '../objects/exporter-release.js';
import { fieldOf, functionsOf } from '../objects/queued-work.js';
import { objectOfKey, wholeOf } from '../state/heap.js';
import { answerKeys, type State } from '../state/state.js';
import type { Value } from '../state/value.js';

/** What a call starts: the functions, and the object that each of them gets. */
interface Started {
  readonly runs: readonly FunctionRef[];
  readonly object: Value;
}

const apiWord = new RegExp(`\\b(?:${[...apiFunctions.keys()].join('|')})\\s*\\(`);

/** Reports a call that starts code which will use a buffer, if user space may have closed its descriptor by then. */
export function useLater(site: CallSite, state: State): void {
  const { engine, name, call, frame } = site;
  if (!queueingFunctions.has(name) && !threadStarters.has(name)) return;
  const started = startedBy(site, state);
  if (!started || started.runs.length === 0) return;
  for (const [key, buffer] of state.heap) {
    if (objectOfKey(key) !== started.object || !state.answers.has(answerKeys.published(buffer))) continue;
    const member = new RegExp(`(?:->|\\.)\\s*${key.slice(key.indexOf('.') + 1)}\\b`);
    const bodies = started.runs.map((run) => engine.codebase.program.bodyText(run));
    const release = exporterRelease(engine, state, buffer, frame);
    const isOwn = state.resources.some(({ handle, api }) => handle === buffer && roleOf(api) === 'export');
    const mayWait = release === undefined ? isOwn : endsWhatWasStarted(engine.codebase.program.bodyText(release));
    if (!mayWait && bodies.every((body) => member.test(body) && apiWord.test(body)))
      useValue(engine, buffer, state, frame, { at: call.at, use: `${name}()` });
  }
}

/** Reports a helper that is not followed, if it reads members of an object that user space may already have freed. */
export function useInHelper(site: CallSite, target: FunctionRef, state: State): void {
  const { engine, name, call, values, frame } = site;
  for (const [index, value] of values.entries()) {
    const parameter = target.outline.parameters[index]?.name;
    if (parameter === undefined || !state.answers.has(answerKeys.published(value))) continue;
    if (readsAlways(engine.codebase.program.lower(target), parameter))
      useValue(engine, value, state, frame, { at: call.at, use: `${name}()` });
  }
}

/** Whether a function reads a member of a parameter on every way through it. */
function readsAlways({ body }: FunctionUnit, parameter: string): boolean {
  let isSet = false;
  visitExpressions(body, (expression) => {
    if (expression.kind === 'assignment' && isParameter(expression.target, parameter)) isSet = true;
  });
  for (const statement of isSet ? [] : body) {
    if (expressionsOf(statement).some((expression) => readsMember(expression, parameter))) return true;
    if (statement.kind !== 'expression' && statement.kind !== 'declaration') return false;
  }
  return false;
}

const isParameter = (one: Expression, parameter: string): boolean => one.kind === 'name' && one.name === parameter;

/**
 * Whether an expression reads `p->x`, however it is evaluated. The address of a member is not read, but by what links it into
 * a list.
 */
function readsMember(expression: Expression, parameter: string): boolean {
  if (expression.kind === 'member' && isParameter(expression.object, parameter)) return expression.arrow;
  if (expression.kind === 'unary' && expression.operator === '&') return false;
  if (expression.kind === 'call' && expression.callee.kind === 'name' && changesList(expression.callee.name))
    return expression.arguments.some((one) => readsMember(one.kind === 'unary' ? one.operand : one, parameter));
  const isPartly =
    expression.kind === 'conditional' || (expression.kind === 'binary' && /^(?:&&|\|\|)$/.test(expression.operator));
  const parts = subexpressions(expression);
  return (isPartly ? parts.slice(0, 1) : parts).some((part) => readsMember(part, parameter));
}

function startedBy({ engine, name, call, values, frame }: CallSite, state: State): Started | undefined {
  const { definitions } = engine.codebase;
  const found = (names: readonly string[]): readonly FunctionRef[] =>
    names.flatMap((one) => definitions.findCandidate(one, frame.ref.path) ?? []);
  const thread = threadStarters.get(name);
  if (thread) {
    const run = call.arguments[thread.function];
    const object = values[thread.object];
    return run?.kind === 'name' && object !== undefined ? { runs: found([run.name]), object } : undefined;
  }
  const index = queueingFunctions.get(name);
  const work = index === undefined ? undefined : call.arguments[index];
  const item = index === undefined ? undefined : values[index];
  const field = work && fieldOf(work);
  const object = item === undefined ? undefined : wholeOf(state, item);
  if (field === undefined || object === undefined) return undefined;
  return { runs: found(functionsOf(engine, frame.ref.path, field)), object };
}
