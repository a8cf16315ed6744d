// Which ways lead to a revocation: normal operation, or only a failure or the removal of the device?

import { callsIn } from '../../c/index.js';
import { isNamedForFailure, isRemoval, workInitialisers } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, memoByFunction, plain } from '../../program/index.js';
import type { RevokeWay } from '../model/revocation.js';
import { stepAt } from '../places.js';

/** Callers are followed this many calls up. */
const highestCaller = 8;
const mostFunctions = 200;

/** Returns the entrances from which a function is reached: slots of ops tables, and work. */
export function revokeWays(codebase: Codebase, ref: FunctionRef): readonly RevokeWay[] {
  return memoByFunction(codebase, ref, 'revoke-ways', () => findWays(codebase, ref), plain());
}

function findWays(codebase: Codebase, ref: FunctionRef): readonly RevokeWay[] {
  const seen = new Set<string>();
  const ways: RevokeWay[] = [];
  let level: readonly FunctionRef[] = [ref];
  for (let height = 0; height <= highestCaller && level.length > 0; height++) {
    const above: FunctionRef[] = [];
    for (const one of level) {
      if (seen.has(functionKey(one)) || seen.size > mostFunctions) continue;
      seen.add(functionKey(one));
      const callers = codebase.references.callersOf(one).map(({ caller }) => caller);
      const entrances = entrancesOf(codebase, one);
      if (callers.length + entrances.length === 0) ways.push(unknownWay(codebase, one));
      ways.push(...entrances);
      above.push(...callers);
    }
    level = above;
  }
  // What is above the highest caller is not known.
  return [...ways, ...level.filter((one) => !seen.has(functionKey(one))).map((one) => unknownWay(codebase, one))];
}

function unknownWay(codebase: Codebase, { path, outline }: FunctionRef): RevokeWay {
  return { kind: 'unknown', step: stepAt(codebase, path, outline.nameAt, `nothing shows who calls ${outline.name}()`) };
}

function entrancesOf(codebase: Codebase, ref: FunctionRef): readonly RevokeWay[] {
  const { name } = ref.outline;
  const slots = codebase.references.slotsOf(ref).map(({ path, variable, slot }): RevokeWay => {
    const message = `${name}() is the ${slot} of '${variable.name}', a ${variable.type}`;
    const kind = isRemoval(variable.type, slot) ? 'failure' : 'normal';
    return { kind, step: stepAt(codebase, path, variable.nameAt, message) };
  });
  return [...slots, ...pointersTo(codebase, ref)];
}

/** Where code passes a function on: as work, or in a way that tells nothing. */
function pointersTo(codebase: Codebase, ref: FunctionRef): readonly RevokeWay[] {
  const { references, program } = codebase;
  const { name } = ref.outline;
  return references.of(name, references.scope(ref)).flatMap(({ path, at, inside, isCall }): readonly RevokeWay[] => {
    if (!inside || isCall || at < inside.outline.bodyStart) return [];
    const isWork = callsIn(program.lower(inside).body).some(
      ({ call, name: callee }) =>
        callee !== null && workInitialisers.includes(callee) && call.arguments.some((argument) => argument.at === at),
    );
    if (!isWork) return [{ kind: 'unknown', step: stepAt(codebase, path, at, `${name}() is passed on here`) }];
    const kind = isNamedForFailure(name) ? 'failure' : 'unknown';
    return [{ kind, step: stepAt(codebase, path, at, `${name}() is made work here`) }];
  });
}
