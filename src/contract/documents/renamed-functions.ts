// Which functions of the API have a name in this tree that no list of ours has?

import type { NamedTree } from '../../input/tree/renamed.js';
import { apiRow, apiRows, structTags } from '../../kernel/index.js';
import type { Contract } from '../model/contract.js';

/** A function of the API in a tree that calls it otherwise than our table. Both are names as the model reads them. */
export interface RenamedFunction {
  /** What the table's name is read as: the tree has no function of that name, and a use of it is a leftover. */
  readonly leftover: string;
  /** The function that the tree has. */
  readonly current: string;
}

/** The functions whose names this tree has exchanged for others. */
export function renamedFunctions({ words }: NamedTree): readonly RenamedFunction[] {
  return [...words].flatMap(([name, ours]) => (apiRow(ours) ? [{ leftover: name, current: ours }] : []));
}

/** A struct or member of the API in a tree that calls it otherwise than we do. Both are names as the model reads them. */
export interface RenamedStruct extends RenamedFunction {
  readonly kind: 'struct' | 'callback';
}

/** The structs, and the callback, whose names this tree has exchanged for others. */
export function renamedStructs({ names: { words }, dialect }: Contract): readonly RenamedStruct[] {
  return [...words].flatMap(([leftover, current]): readonly RenamedStruct[] => {
    if (current === dialect.callback) return [{ kind: 'callback', leftover, current }];
    return structTags.includes(current) ? [{ kind: 'struct', leftover, current }] : [];
  });
}

/** The name of a function of the API in one tree. */
export interface ApiName {
  /** Its name in our table, by which it is known again under another name. */
  readonly row: string;
  readonly name: string;
}

/** The functions of the table that a tree has, with their names in the tree. */
export function apiNames({ dialect, names }: Contract): readonly ApiName[] {
  return apiRows
    .filter(({ name }) => dialect.declared.has(name))
    .map(({ name }) => ({ row: name, name: names.told(name) }));
}
