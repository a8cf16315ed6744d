import type { World } from '../program/index.js';

/** The functions that hand out what `__free()` would release: the variable is empty afterwards. Source: linux/cleanup.h. */
export const takers: ReadonlySet<string> = new Set(['no_free_ptr', 'retain_and_null_ptr', 'take_fd']);

const freeDefinition = /\bDEFINE_FREE\s*\(\s*(\w+)\s*,[^,]*,([\s\S]*?)\)\s*(?:;|\n\s*\n|$)/g;

/** Reads what the tree's own `DEFINE_FREE(name, type, body)` call, by name. */
export function readFreeActions(world: World): ReadonlyMap<string, string> {
  const actions = new Map<string, string>();
  for (const path of world.program.candidatesWith(/\bDEFINE_FREE\s*\(/))
    for (const [, name = '', body = ''] of (world.program.text(path) ?? '').matchAll(freeDefinition)) {
      const called = [...body.matchAll(/\b(\w+)\s*\(\s*_T\b/g)].map((match) => match[1] ?? '');
      const action = called.find((word) => !/^(?:if|IS_ERR\w*|unlikely|likely)$/.test(word));
      if (action) actions.set(name, action);
    }
  return actions;
}

/** The function that a slot of a table names, as far as the text around the table tells. */
export function slotFunctionName(world: World, table: string, slot: string, path: string): string | undefined {
  for (const file of world.program.translationUnit(path)) {
    const source = world.program.file(file);
    const variable = source?.unit.variables.find((outline) => outline.name === table && outline.valueAt !== null);
    if (!source || !variable) continue;
    const text = source.code.slice(variable.valueAt ?? 0, variable.end);
    return new RegExp(`\\.\\s*${slot}\\s*=\\s*&?\\s*(\\w+)`).exec(text)?.[1];
  }
  return undefined;
}
