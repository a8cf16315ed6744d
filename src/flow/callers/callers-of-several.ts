import { callsIn, isLoop, type Statement, visitStatements } from '../../c/index.js';
import { type Codebase, type FunctionRef, functionKey, memoByFunction, plain } from '../../program/index.js';
import { callersAmongCandidates } from './callers.js';

/**
 * The functions that call some functions more than once: two of them, one of them twice, or one in a loop. What one call did
 * to an object, the next one finds; and where the second one fails, what the first one did has to be undone.
 */
export function callersOfSeveral(codebase: Codebase, refs: readonly FunctionRef[]): readonly FunctionRef[] {
  // A wrapper does what the function does that it calls.
  const all = [...refs, ...callersOf(codebase, refs)];
  const names = new Set(all.map(({ outline }) => outline.name));
  return callersOf(codebase, all).filter((caller) => {
    const calls = calleesOf(codebase, caller).filter(([name]) => names.has(name));
    return calls.length > 1 || calls.some(([, isInLoop]) => isInLoop);
  });
}

function callersOf(codebase: Codebase, refs: readonly FunctionRef[]): readonly FunctionRef[] {
  const found = new Map<string, FunctionRef>();
  for (const ref of refs)
    for (const caller of callersAmongCandidates(codebase, ref)) found.set(functionKey(caller), caller);
  return [...found.values()];
}

/** Each call in a function by its name, and whether it stands in a loop. */
function calleesOf(codebase: Codebase, ref: FunctionRef): readonly (readonly [string, boolean])[] {
  return memoByFunction(
    codebase,
    ref,
    'callees-and-loops',
    () => {
      const { body } = codebase.program.lower(ref);
      const inLoops = new Set(loopsIn(body).flatMap((loop) => callsIn([loop]).map(({ call }) => call.at)));
      return callsIn(body).flatMap(({ name, call }) => (name === null ? [] : [[name, inLoops.has(call.at)] as const]));
    },
    plain(),
  );
}

function loopsIn(body: readonly Statement[]): readonly Statement[] {
  const found: Statement[] = [];
  visitStatements(body, (statement) => {
    if (isLoop(statement)) found.push(statement);
  });
  return found;
}
