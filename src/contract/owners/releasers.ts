// Which functions release what is in a member, and can somebody else release it?

import { callsIn, type Expression } from '../../c/index.js';
import { type FunctionRef, functionKey } from '../../program/index.js';
import { functionsMatching } from '../tables/functions-matching.js';
import { fatesIn } from './fates.js';
import { bufferOfAttachment, isMember, type OwnerSearch } from './members.js';
import { fillsOf, isHandleOf, type MemberQuery, undoes } from './undoing.js';

/**
 * Returns the functions in some files that release what is in the member, other than to undo what they have just stored.
 * @returns null where a function hands it on to code that is not followed
 */
export function releasersIn(query: MemberQuery, files: readonly string[]): readonly FunctionRef[] | null {
  const { search, fills } = query;
  const [{ held, kind }] = fills;
  const words = kind === 'reference' ? [held.member, bufferOfAttachment.member] : [held.member];
  const mention = new RegExp(`(?:->|\\.)\\s*(?:${words.join('|')})\\b`, 'g');
  const found: FunctionRef[] = [];
  for (const path of files)
    for (const ref of functionsMatching(search.codebase, path, mention)) {
      const own = fillsOf(query, ref);
      const isSeed = (value: Expression): boolean =>
        isMember(search, ref, value, held) ||
        (kind === 'reference' && isMember(search, ref, value, bufferOfAttachment)) ||
        own.some((fill) => isHandleOf(value, fill));
      const fates = fatesIn(search, kind, ref, isSeed, [], own.length > 0);
      if (fates.some((fate) => fate.kind === 'handed-on')) return null;
      const released = fates.filter((fate) => !undoes(query, fate));
      found.push(...released.map((fate) => fate.ref));
    }
  return found;
}

/** How many calls deep a release is looked for on the way to a free, and how many callers up. */
const deepestWay = 3;
const highestWay = 2;

/**
 * Returns which of some functions are on the way to a free: they are called by the function that frees, by its callers,
 * or by what these call.
 */
export function releasersOnTheWay(
  search: OwnerSearch,
  ref: FunctionRef,
  releasers: ReadonlySet<string>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const down = (one: FunctionRef, depth: number): void => {
    const key = functionKey(one);
    if (releasers.has(key)) found.add(key);
    if (depth === 0 || seen.has(`${depth} ${key}`)) return;
    seen.add(`${depth} ${key}`);
    for (const { name, call } of callsIn(search.codebase.program.lower(one).body))
      for (const called of [
        name,
        ...call.arguments.map((argument) => (argument.kind === 'name' ? argument.name : null)),
      ]) {
        const target = called === null ? undefined : search.codebase.definitions.findInModule(called, one.path);
        if (target) down(target, depth - 1);
      }
  };
  const up = (one: FunctionRef, height: number): void => {
    down(one, deepestWay);
    if (height > 0) for (const { caller } of search.codebase.references.callersOf(one)) up(caller, height - 1);
  };
  up(ref, highestWay);
  return found;
}
