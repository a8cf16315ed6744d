// Which structs contain an ops struct by value?

import { outerOps } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';

/** The structs that contain an ops struct by value: by tag, the member paths that lead to it. The ops struct itself has the path []. */
export type ContainingStructs = ReadonlyMap<string, readonly (readonly string[])[]>;

/** Finds the structs of a tree that contain a struct by value, directly or through another struct. */
export function findContainingStructs(codebase: Codebase, tag: string): ContainingStructs {
  const found = new Map<string, (readonly string[])[]>([[tag, [[]]]]);
  for (let grown = true; grown; ) {
    grown = false;
    const named = new RegExp(`\\bstruct\\s+(?:${[...found.keys()].join('|')})\\b`);
    const structs = codebase.program
      .candidatesWith(named)
      .flatMap((path) => codebase.program.file(path)?.unit.structs ?? []);
    for (const struct of structs) {
      if (found.has(struct.tag)) continue;
      const paths = struct.fields.flatMap((field) => {
        const inner = /^struct (\w+)$/.exec(field.type)?.[1];
        return inner && !field.pointer ? (found.get(inner) ?? []).map((path) => [field.name, ...path]) : [];
      });
      if (paths.length === 0) continue;
      found.set(struct.tag, paths);
      grown = true;
    }
  }
  if (tag === outerOps.holds && !found.has(outerOps.tag)) found.set(outerOps.tag, [[outerOps.member]]);
  return found;
}
