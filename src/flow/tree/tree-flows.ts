import { during } from '../../base/profile.js';
import { dmaBufCore, fitsTableSlot, tableSlotParameters } from '../../kernel/index.js';
import {
  type Codebase,
  type FunctionRef,
  functionKey,
  functionsIn,
  memoByFunction,
  plain,
} from '../../program/index.js';
import { callersAmongCandidates, callersInScope } from '../callers/callers.js';
import { callersOfSeveral } from '../callers/callers-of-several.js';
import { passesLocal, passesOwn } from '../callers/own-objects.js';
import { expandedFunction } from '../expansion/expand-statements.js';
import { dependOnExpansions, expansionsOf, useExpansions } from '../expansion/expansions.js';
import type { Relevance } from '../model/engine.js';
import { packedFlow } from '../model/packed-flow.js';
import type { FlowExit, FunctionFlow } from '../model/results.js';
import { followFunction } from '../paths/follow.js';
import { objectOfKey, reachable } from '../state/heap.js';
import { answerKeys, signsOf } from '../state/state.js';
import { bad, zeroValue } from '../state/value.js';
import { createRelevance, startWord, wordOfWrappers } from './relevance.js';

/** How many levels of callers are followed for what a function leaves them. */
const mostClimbs = 2;

/**
 * Follows the resources through every function that calls the API, and then through the callers of each function that
 * returns with something held: they have to release it.
 * @param focus the only file to begin in; null for all
 * @returns one flow for each function
 */
export function followTree(codebase: Codebase, focus: string | null = null): readonly FunctionFlow[] {
  return [...flowsOfTree(codebase, focus)];
}

/**
 * The same, with a pause after each function. What follows a tree is one long piece of work otherwise.
 * @param pause ends when the next function may be followed
 */
export async function followTreeWithPauses(
  codebase: Codebase,
  focus: string | null,
  pause: () => Promise<void>,
): Promise<readonly FunctionFlow[]> {
  const flows: FunctionFlow[] = [];
  const steps = flowsOfTree(codebase, focus);
  for (let step = during('flow', () => steps.next()); !step.done; step = during('flow', () => steps.next())) {
    flows.push(step.value);
    await pause();
  }
  return flows;
}

/** Parses the functions that are followed first, each as it is followed. Nothing that is linked later changes which they are. */
export function readDirectUsers(codebase: Codebase): void {
  useExpansions(codebase, expansionsOf(codebase));
  for (const ref of directUsers(codebase, createRelevance(codebase), null)) expandedFunction(codebase, ref);
}

/** The functions that call the API themselves, or stand in a slot where the core passes an import. */
function directUsers(codebase: Codebase, relevance: Relevance, focus: string | null): readonly FunctionRef[] {
  const wrapperWord = wordOfWrappers(codebase);
  const using = wrapperWord ? codebase.program.candidatesWith(wrapperWord) : [];
  const files = codebase.program.candidatesWith(startWord);
  const importing = codebase.program.candidatesWith(tableSlotParameters).filter((path) => path.endsWith('.c'));
  return [...new Set([...files, ...using, ...importing])]
    .sort()
    .filter((path) => path !== dmaBufCore && (focus === null || path === focus))
    .flatMap((path) => functionsIn(codebase.program, path))
    .filter((ref) => relevance.isDirect(ref) || mayEndImportOfCore(ref));
}

function* flowsOfTree(codebase: Codebase, focus: string | null): Generator<FunctionFlow, void> {
  const relevance = createRelevance(codebase);
  const expansions = expansionsOf(codebase);
  useExpansions(codebase, expansions);
  const done = new Set<string>();
  const steps: FunctionRef[] = [];
  const asked = new Set<string>();
  let level = directUsers(codebase, relevance, focus);
  for (let climb = 0; climb <= mostClimbs; climb++) {
    const above: FunctionRef[] = [];
    const owners: FunctionRef[] = [];
    for (const ref of level) {
      const key = functionKey(ref);
      if (done.has(key)) continue;
      done.add(key);
      const flow = memoByFunction(
        codebase,
        ref,
        'paths',
        () => {
          dependOnExpansions(codebase);
          return followFunction(codebase, relevance, ref, { expansions });
        },
        packedFlow,
      );
      if (!asked.has(key)) yield flow;
      // Nobody counts on it: where a path of it is given up, that is no gap.
      else if (flow.incomplete === null) yield { ...flow, isAskedBesides: true };
      if (climb >= mostClimbs) continue;
      above.push(...callersToFollow(codebase, flow).filter(({ path }) => path !== dmaBufCore));
      if (storesSomething(flow)) owners.push(...callersThat(codebase, ref, 'passes-own', passesOwn));
      if (releasesForOthers(flow) || storesSomething(flow)) steps.push(ref);
    }
    const owing = new Set(above.map(functionKey));
    const several = climb < mostClimbs ? [...callersOfSeveral(codebase, steps), ...owners] : [];
    for (const ref of several) if (!owing.has(functionKey(ref))) asked.add(functionKey(ref));
    level = [...above, ...several];
  }
}

/** Whether the DRM core passes its own import to a function, which may wrongly release the import when it fails. */
const mayEndImportOfCore = ({ outline: { parameters, returnType } }: FunctionRef): boolean =>
  returnType.includes('*') && fitsTableSlot(parameters.map(({ type }) => type));

/** The callers to follow. If the function stores into a local variable of a caller, that caller has to release it. */
function callersToFollow(codebase: Codebase, flow: FunctionFlow): readonly FunctionRef[] {
  const { ref } = flow;
  if (leavesSomething(flow))
    return codebase.references.isVisibleEverywhere(ref)
      ? callersAmongCandidates(codebase, ref)
      : callersInScope(codebase, ref);
  return storesSomething(flow) ? callersThat(codebase, ref, 'passes-local', passesLocal) : [];
}

/** The callers of a function that pass it an object in one way or another. */
function callersThat(
  codebase: Codebase,
  ref: FunctionRef,
  question: string,
  isSo: (codebase: Codebase, caller: FunctionRef, ref: FunctionRef) => boolean,
): readonly FunctionRef[] {
  return callersAmongCandidates(codebase, ref).filter((caller) =>
    memoByFunction(codebase, caller, `${question}\0${ref.outline.name}`, () => isSo(codebase, caller, ref), plain()),
  );
}

/** Whether a function releases what it finds in an object that it got from its caller, though it may empty the member. */
function releasesForOthers({ exits, parameters }: FunctionFlow): boolean {
  return exits.some(({ state }) => {
    const found = state.resources.filter(({ status, count }) => status === 'released' && count === 0);
    if (found.length === 0) return false;
    const known = reachable(state, parameters);
    if (found.some(({ handle, of }) => known.has(handle) || (of !== null && known.has(of)))) return true;
    for (const [place, value] of state.heap) if (value === zeroValue && known.has(objectOfKey(place))) return true;
    return false;
  });
}

/** Whether a function leaves something in an object that it got from its caller. */
function storesSomething({ exits, parameters }: FunctionFlow): boolean {
  return exits.some(({ state }) =>
    state.resources.some(
      ({ status, end, handle }) =>
        status === 'given' && end?.kind === 'stored' && reachable(state, parameters).has(handle),
    ),
  );
}

/** Whether a function leaves something that its callers have to release. */
function leavesSomething(flow: FunctionFlow): boolean {
  return flow.exits.some(
    (exit) =>
      exit.state.resources.some(
        ({ kind, status, end }) =>
          status === 'held' ||
          (status === 'given' && end?.kind === 'given-to-caller') ||
          // Whether user space is told the number, the caller shows.
          (kind === 'fd' && status === 'given' && end?.kind === 'stored'),
      ) || leavesTrap(flow, exit),
  );
}

/**
 * Whether a function leaves its callers something that they must not touch: an object that an exporter's `.release` has
 * freed or may free, or an error pointer in a member.
 */
function leavesTrap({ ref, errors, parameters }: FunctionFlow, { state, outcome }: FlowExit): boolean {
  const known = reachable(state, parameters);
  for (const value of known)
    if (state.answers.has(answerKeys.freedByRelease(value)) || state.answers.has(answerKeys.published(value)))
      return true;
  // A function without a result leaves it to its callers to look. Of a truth value false may say that it has failed.
  const mayHaveFailed = outcome !== 'success' || /^(?:static\s+|inline\s+)*bool\b/.test(ref.outline.returnType);
  return mayHaveFailed && errors.some((value) => known.has(value) && signsOf(state, value) === bad);
}
