// Which ops of tables map a buffer for the kernel into a map of their caller, where the opposite op never ends such a mapping?

import { callsIn } from '../../../c/index.js';
import type { FunctionFlow } from '../../../flow/index.js';
import { apiFunction, undoesByName } from '../../../kernel/index.js';
import { assignmentsOf, type FunctionRef, functionKey } from '../../../program/index.js';
import type { OrphanedResource } from '../../model/lifetimes.js';
import { keptResources } from '../fills.js';
import type { OwnerSearch } from '../members.js';
import { type ReleaseSearch, releasedBy } from '../release-sites.js';

/** How many callers lie between a slot of a table and the function that maps. */
const highest = 2;

/**
 * Finds the kernel mappings in a map that a function gets from whoever calls its slot. Only the opposite slot of the same table gets
 * that map again: where no function in one ends a mapping, nobody does.
 */
export function findUnpairedMappings(search: OwnerSearch, flows: readonly FunctionFlow[]): readonly OrphanedResource[] {
  const releases: ReleaseSearch = { ...search, kind: 'kernel-mapping', takers: new Set(), known: new Map() };
  return flows.flatMap((flow) =>
    keptResources(flow).flatMap(({ kind, api, at }): readonly OrphanedResource[] => {
      if (kind !== 'kernel-mapping') return [];
      const { ref } = flow;
      const unit = search.codebase.program.lower(ref);
      const call = callsIn(unit.body).find((one) => one.call.at === at)?.call;
      const effect = call && apiFunction(api, call.arguments.length)?.effects.find((one) => one.kind === 'acquire');
      if (!call || effect?.kind !== 'acquire' || typeof effect.handle !== 'number') return [];
      const map = call.arguments[effect.handle];
      const index = ref.outline.parameters.findIndex(({ name }) => map?.kind === 'name' && map.name === name);
      if (index < 0 || map?.kind !== 'name' || assignmentsOf(unit).values.has(map.name)) return [];
      const ends = opposites(search, ref, index, highest);
      if (ends.length === 0 || ends.some((one) => one === null || releasedBy(releases, one).length > 0)) return [];
      return [{ kind, api, member: null, fills: [{ ref, at }], isWholeModule: true }];
    }),
  );
}

/** The functions in the opposite slots of the tables that lead to a function; null for a table that has none in sight. */
function opposites(
  search: OwnerSearch,
  ref: FunctionRef,
  index: number,
  height: number,
): readonly (FunctionRef | null)[] {
  const { references, program, definitions } = search.codebase;
  const own = references.slotsOf(ref).map(({ path, slot, variable }) => {
    const text = program.file(path)?.code.slice(variable.valueAt ?? variable.end, variable.end) ?? '';
    for (const [, other = '', name = ''] of text.matchAll(/\.\s*(\w+)\s*=\s*&?(\w+)/g))
      if (undoesByName(slot ?? '', other)) return definitions.findNear(name, path) ?? null;
    return null;
  });
  const above =
    height === 0
      ? []
      : references.callersOf(ref).flatMap(({ caller, call }) => {
          const given = call.arguments[index];
          const position = caller.outline.parameters.findIndex(
            ({ name }) => given?.kind === 'name' && given.name === name,
          );
          if (functionKey(caller) === functionKey(ref)) return [];
          return position < 0 ? [null] : opposites(search, caller, position, height - 1);
        });
  return [...own, ...above];
}
