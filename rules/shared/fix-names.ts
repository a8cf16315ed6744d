import type { Contract } from '../../src/contract/index.js';
import { dmaBufHeader } from '../../src/kernel/index.js';
import { type FixProposal, noFix } from '../../src/lint/index.js';
import { renaming } from './fix-text.js';

/** A use of a name that the tree's header does not have. */
export interface OutdatedName {
  readonly path: string;
  /** The 0-based offset of the name, or of the dot of its designator. */
  readonly at: number;
  readonly name: string;
  /** The name that the header has for it, or null. */
  readonly instead: string | null;
}

/** Proposes to replace a name that the tree's header does not have by the one that it has. */
export function useCurrentName(contract: Contract, { path, at, name, instead }: OutdatedName): FixProposal {
  if (instead === null) return noFix('this tree has no other name for it');
  const { codebase, documents } = contract;
  const text = codebase.program.file(path)?.text ?? documents.find((document) => document.path === path)?.text ?? '';
  // A table entry begins with the dot of its designator.
  const start = text.startsWith('.', at) ? at + 1 + (/^\s*/.exec(text.slice(at + 1))?.[0].length ?? 0) : at;
  const edit = renaming(path, text, start, name, instead);
  if (!edit) return noFix(`the code does not spell out '${name}' there`);
  return {
    kind: 'fix',
    title: `use the name ${instead}`,
    reason: `${dmaBufHeader} has no ${name}: there it is named ${instead}.`,
    edits: [edit],
    formerName: name,
  };
}
