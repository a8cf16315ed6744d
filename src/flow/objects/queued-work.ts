// A work item whose function only looks at its object takes nothing over: what the object holds is lost where it is freed.

import { type CallExpression, callsIn, type Expression, lvalueText } from '../../c/index.js';
import {
  freeFunctions,
  isBorrower,
  isConversion,
  isHarmless,
  isLibraryLeaf,
  queueingFunctions,
  releasesHoldings,
  workInitialisers,
} from '../../kernel/index.js';
import { type FunctionRef, memoByFile, memoByFunction, plain } from '../../program/index.js';
import { type CallSite, endAt } from '../calls/call-site.js';
import { passToUnknown } from '../calls/unknown-call.js';
import type { Engine, Evaluated } from '../model/engine.js';
import { share } from '../state/ownership.js';
import { type State, stateWith } from '../state/state.js';

/**
 * Evaluates a call that queues a work item of which all is known: it may write to its object, and releases nothing of it.
 * @returns undefined for every other call
 */
export function applyQueuedWork(site: CallSite, state: State): Evaluated | undefined {
  const { engine, name, call, values, frame } = site;
  const index = queueingFunctions.get(name);
  const work = index === undefined ? undefined : call.arguments[index];
  const item = index === undefined ? undefined : values[index];
  const field = work && fieldOf(work);
  if (item === undefined || field === undefined || state.resources.length === 0) return undefined;
  const names = functionsOf(engine, frame.ref.path, field);
  const runs = names.map((one) => engine.codebase.definitions.findCandidate(one, frame.ref.path));
  if (runs.length === 0 || !runs.every((run) => run !== undefined && onlyLooks(engine, run))) return undefined;
  const { resources } = share(state, item, { end: endAt(site, { kind: 'stored', in: name }) });
  return passToUnknown(site, values, stateWith(state, { resources }));
}

/** The member that is the work item: `work` of `&job->work`. */
export function fieldOf(work: Expression): string | undefined {
  const item = work.kind === 'unary' && work.operator === '&' ? work.operand : work;
  return item.kind === 'member' ? /(\w+)$/.exec(lvalueText(item) ?? '')?.[1] : undefined;
}

/** The functions that the work items with a name run, as far as the file says. */
export function functionsOf({ codebase }: Engine, path: string, field: string): readonly string[] {
  return memoByFile(
    codebase,
    path,
    `work-of\0${field}`,
    () => {
      const pattern = new RegExp(
        `\\b(?:${workInitialisers.join('|')})\\s*\\(\\s*&?[^,;]*?\\b${field}\\s*,\\s*(\\w+)`,
        'g',
      );
      const code = codebase.program.file(path)?.code ?? '';
      return [...code.matchAll(pattern)].flatMap(([, name]) => name ?? []);
    },
    plain(),
  );
}

/** Whether a function releases nothing, and hands its object to nobody who may. */
function onlyLooks({ codebase, relevance }: Engine, ref: FunctionRef): boolean {
  if (relevance.matters(ref)) return false;
  return memoByFunction(
    codebase,
    ref,
    'only-looks',
    () => {
      const unit = codebase.program.lower(ref);
      const mayRelease = ({ name, call }: { readonly name: string | null; readonly call: CallExpression }): boolean => {
        if (name === null || releasesHoldings(name) || freeFunctions.has(name)) return true;
        if (isHarmless(name) || isLibraryLeaf(name) || isBorrower(name) || isConversion(name)) return false;
        return !codebase.definitions.findCandidate(name, ref.path) && call.arguments.some(isWhole);
      };
      return unit.unparsed.length === 0 && !callsIn(unit.body).some(mayRelease);
    },
    plain(),
  );
}

/** Whether an argument may lead to the whole object: a variable, or the address of a member. */
function isWhole(argument: Expression): boolean {
  return argument.kind === 'name' || (argument.kind === 'unary' && argument.operator === '&');
}
