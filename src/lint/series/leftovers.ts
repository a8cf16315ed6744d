import type { UnknownUse } from '../../contract/index.js';
import { apiPrefix, exporterOpsTag, importerOpsTag } from '../../kernel/index.js';
import type { TreeFacts } from '../facts/tree-facts.js';
import type { JudgedSeries } from './series.js';

/** How a name disappeared from the header. */
export interface Removal {
  /** The patch that removed it, as a message names it. */
  readonly by: string;
  /** The new name, or null. */
  readonly instead: string | null;
}

/** The names of the API in a header: `function x` or `member x`. */
function names({ declared, members, apiNames }: TreeFacts): readonly string[] {
  const ofTable = new Set(apiNames.map(({ name }) => name));
  const ofOps = new RegExp(`^(?:${importerOpsTag}|${exporterOpsTag})\\.(\\w+)$`);
  return [
    ...declared.filter((name) => name.startsWith(apiPrefix) || ofTable.has(name)).map((name) => `function ${name}`),
    ...members.flatMap((member) => ofOps.exec(member)?.[1] ?? []).map((name) => `member ${name}`),
  ];
}

function nameKey({ kind, name }: UnknownUse): string {
  return `${kind} ${name}`;
}

function useKey(use: UnknownUse): string {
  return `${nameKey(use)} ${use.file} ${use.subject}`;
}

/** The names that are missing after a change: those already missing that did not come back, and those it removes. */
function removals(
  known: ReadonlyMap<string, Removal>,
  before: TreeFacts,
  after: TreeFacts,
  by: string,
): ReadonlyMap<string, Removal> {
  const [old, current] = [new Set(names(before)), new Set(names(after))];
  const found = new Map([...known].filter(([name]) => !current.has(name)));
  const added = [...current].filter((name) => !old.has(name));
  for (const name of old) {
    if (current.has(name)) continue;
    const [only, second] = added.filter((other) => other.split(' ')[0] === name.split(' ')[0]);
    const guess = only && !second ? (only.split(' ')[1] ?? null) : null;
    found.set(name, { by, instead: sameFunction(name, before, after) ?? guess });
  }
  return found;
}

/** The name after a change of the function that had this key before it: what its code does tells that it is the same. */
function sameFunction(key: string, before: TreeFacts, after: TreeFacts): string | undefined {
  const row = before.apiNames.find(({ name }) => key === `function ${name}`)?.row;
  return after.apiNames.find((one) => one.row === row)?.name;
}

/** A use that a patch leaves behind, or makes, of a name that is gone. */
export interface Leftover {
  readonly use: UnknownUse;
  readonly removal: Removal;
  /** The index of the patch. */
  readonly index: number;
}

/** Finds the uses of names that the series, or the queued one, takes out of the header. */
export function* leftoversOf({ base, start, patches }: JudgedSeries): Iterable<Leftover> {
  let gone: ReadonlyMap<string, Removal> = new Map();
  if (base && start && base !== start) gone = removals(gone, base, start, 'a queued patch');
  for (const [index, { before, after, patch }] of patches.entries()) {
    if (!before || !after || before === after) continue;
    gone = removals(gone, before, after, `patch ${patch.number}`);
    const known = new Set(before.unknownUses.map(useKey));
    for (const use of after.unknownUses) {
      const removal = gone.get(nameKey(use));
      if (removal && !known.has(useKey(use))) yield { use, removal, index };
    }
  }
}
