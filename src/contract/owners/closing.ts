// Does closing a file free a structure without the release that an ioctl() of the file makes?

import { fileSlots } from '../../kernel/index.js';
import { type FunctionRef, functionKey } from '../../program/index.js';
import type { Free } from './frees.js';
import type { OwnerSearch } from './members.js';
import { releasersOnTheWay } from './releasers.js';

/**
 * Returns the frees in a file's `.release` on whose way a resource is not released, where all its releases are on the way of
 * the file's ioctl(): user space may close the file without that call.
 */
export function freesAtClose(
  search: OwnerSearch,
  frees: readonly Free[],
  releasers: ReadonlySet<string>,
): readonly Free[] {
  return frees.filter(({ ref }) => {
    const commands = commandsBeside(search, ref);
    if (commands.length === 0 || releasersOnTheWay(search, ref, releasers).size > 0) return false;
    const asked = new Set(commands.flatMap((command) => [...releasersOnTheWay(search, command, releasers)]));
    return asked.size === releasers.size;
  });
}

/** The ioctl() functions in the tables of file operations that have a function as their `.release`. */
function commandsBeside({ codebase }: OwnerSearch, ref: FunctionRef): readonly FunctionRef[] {
  const found = new Map<string, FunctionRef>();
  for (const { path, slot, variable } of codebase.references.slotsOf(ref)) {
    if (slot !== fileSlots.close || !variable.type.includes(fileSlots.table)) continue;
    const text = codebase.program.file(path)?.code.slice(variable.valueAt ?? variable.end, variable.end) ?? '';
    for (const command of fileSlots.commands) {
      const name = new RegExp(`\\.\\s*${command}\\s*=\\s*&?(\\w+)`).exec(text)?.[1];
      const target = name === undefined ? undefined : codebase.definitions.findNear(name, path);
      if (target) found.set(functionKey(target), target);
    }
  }
  return [...found.values()];
}
