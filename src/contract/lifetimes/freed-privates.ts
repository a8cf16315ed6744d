// Does a function free the private data of a buffer that it exports, and still hand on the buffer?

import type { FlowExit, FunctionFlow } from '../../flow/index.js';
import { roleOf } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import type { Misuse } from '../model/lifetimes.js';
import { stepAt } from '../places.js';
import { isOfSomeKernels } from './defects.js';

/**
 * Finds the exits on which a function succeeds and hands on the buffer that it has exported, though the path has freed
 * what its `priv` points to. A variable with `__free()` does that if nothing takes the pointer from it.
 */
export function findFreedPrivates(codebase: Codebase, flows: readonly FunctionFlow[]): readonly Misuse[] {
  return flows.flatMap((flow) => flow.exits.flatMap((exit) => freedAt(codebase, flow, exit)));
}

function freedAt(codebase: Codebase, { ref }: FunctionFlow, exit: FlowExit): readonly Misuse[] {
  const { state, outcome } = exit;
  if (outcome === 'error') return [];
  return state.resources.flatMap((resource): readonly Misuse[] => {
    const { kind, api, handle, status, path, at } = resource;
    if (kind !== 'reference' || roleOf(api) !== 'export' || status === 'released') return [];
    const data = state.heap.get(`${handle}.priv`);
    if (data === undefined || !state.freed.has(data) || state.freed.has(handle)) return [];
    return [
      {
        kind: 'freed-private',
        resource: kind,
        path: ref.path,
        at: exit.at,
        function: ref.outline.name,
        api: `${api}()`,
        certainty: isOfSomeKernels(state.decisions) ? 'medium' : 'high',
        trace: [stepAt(codebase, path, at, `exported here by ${api}()`)],
      },
    ];
  });
}
