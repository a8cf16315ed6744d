// Which member does a macro name in an ops table?

import type { Expression, InitialiserEntry } from '../../c/index.js';
import type { Codebase } from '../../program/index.js';

/** Reads the names of members that a module takes from macros, since they differ from kernel to kernel. */
export interface MemberNames {
  /** The member that a designator means: itself, or what a macro of this name stands for in this tree. */
  nameOf(designator: string): string;
  /** An entry without designator whose value is a macro that writes one: `EX_CALLBACK(f)`. Any other as it is. */
  entryOf(entry: InitialiserEntry): InitialiserEntry;
}

/**
 * The names of members as a file uses them.
 * @param fields of the ops struct: of several ways to define a macro, the one that names a member of this tree counts
 */
export function memberNamesIn(codebase: Codebase, path: string, fields: readonly string[]): MemberNames {
  const known = (names: readonly (string | undefined)[]): string | undefined =>
    names.find((name) => name !== undefined && fields.includes(name)) ?? names.find((name) => name !== undefined);
  return {
    nameOf(designator) {
      if (fields.includes(designator)) return designator;
      const ways = codebase.definitions.macroWays(designator, path).filter(({ parameters }) => parameters === null);
      return known(ways.map(({ body }) => /^\w+$/.exec(body)?.[0])) ?? designator;
    },
    entryOf(entry) {
      const { value } = entry;
      if (entry.designators.length > 0 || value.kind !== 'call' || value.callee.kind !== 'name') return entry;
      const ways = codebase.definitions.macroWays(value.callee.name, path).flatMap(({ parameters, body }) => {
        const [, name, argument] = /^\.\s*(\w+)\s*=\s*\(?\s*(\w+)\s*\)?,?$/.exec(body) ?? [];
        const index = parameters?.indexOf(argument ?? '') ?? -1;
        return name === undefined || index < 0 ? [] : [{ name, value: value.arguments[index] }];
      });
      const name = known(ways.map((way) => way.name));
      const chosen: Expression | undefined = ways.find((way) => way.name === name)?.value;
      return name !== undefined && chosen ? { ...entry, designators: [name], value: chosen } : entry;
    },
  };
}
