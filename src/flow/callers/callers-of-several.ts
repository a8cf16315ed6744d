import { callsIn, isLoop, type Statement, visitStatements } from '../../c/index.js';
import { isKrefPut, kref } from '../../kernel/index.js';
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
    for (const caller of [...callersAmongCandidates(codebase, ref), ...puttersOf(codebase, ref)])
      found.set(functionKey(caller), caller);
  return [...found.values()];
}

/** The functions whose kref_put() calls a function, if it is a release function. */
function puttersOf({ program, definitions, references }: Codebase, ref: FunctionRef): readonly FunctionRef[] {
  const { name, parameters } = ref.outline;
  if (!parameters[0]?.type.includes(`struct ${kref.tag}`)) return [];
  const module = new Set(definitions.module(ref.path));
  const near = program.candidates.filter((path) => path === ref.path || (!ref.outline.isStatic && module.has(path)));
  return references.of(name, near).flatMap(({ inside, isCall }) => (inside && !isCall ? [inside] : []));
}

/** Each call in a function by its name, and whether it stands in a loop; for a kref_put(), the release function that it calls. */
function calleesOf(codebase: Codebase, ref: FunctionRef): readonly (readonly [string, boolean])[] {
  return memoByFunction(
    codebase,
    ref,
    'callees-and-loops',
    () => {
      const { body } = codebase.program.lower(ref);
      const inLoops = new Set(loopsIn(body).flatMap((loop) => callsIn([loop]).map(({ call }) => call.at)));
      return callsIn(body).flatMap(({ name, call }) => {
        const [, release] = call.arguments;
        const called = isKrefPut(name) && release?.kind === 'name' ? release.name : name;
        return called === null ? [] : [[called, inLoops.has(call.at)] as const];
      });
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
