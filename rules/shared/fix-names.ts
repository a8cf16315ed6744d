import { type Contract, dmaBufHeader } from '../../src/contract/index.js';
import { type FixProposal, noFix } from '../../src/lint/index.js';
import { renaming } from './fix-text.js';

/** Replaces a name that the tree's header does not have by the one that it has. */
export function useCurrentName(
  contract: Contract,
  path: string,
  at: number,
  name: string,
  instead: string | null,
): FixProposal {
  if (instead === null) return noFix('this tree has no other name for it');
  const { codebase, documents } = contract;
  const text = codebase.program.file(path)?.text ?? documents.find((document) => document.path === path)?.text ?? '';
  // The entry of a table begins with the dot of its designator.
  const start = text.startsWith('.', at) ? at + 1 + (/^\s*/.exec(text.slice(at + 1))?.[0].length ?? 0) : at;
  const edit = renaming(path, text, start, name, instead);
  if (!edit) return noFix(`'${name}' does not stand there as such`);
  return {
    kind: 'fix',
    title: `use the name ${instead}`,
    reason: `${dmaBufHeader} has no ${name}: what this means is called ${instead} there.`,
    edits: [edit],
  };
}
