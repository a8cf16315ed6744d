// Which calls of the contract that sleep are made where nothing may sleep?

import type { CallExpression } from '../../c/index.js';
import { callsIn, expressionText } from '../../c/index.js';
import {
  apiFunctions,
  atomicEntrances,
  atomicMembers,
  beginsAtomic,
  dmaBufCore,
  endsAtomic,
  isKrefPut,
  isNamedForDropping,
  isNamedForHeldLock,
  isNamedForLock,
  isPlainLock,
  isPlainUnlock,
  kref,
  lockFunctions,
  mentionsAtomic,
  mentionsAtomicEnd,
  sleepingCalls,
} from '../../kernel/index.js';
import {
  type CallSite,
  type Codebase,
  type FunctionRef,
  functionKey,
  memoByFile,
  memoByFunction,
  plain,
} from '../../program/index.js';
import type { AtomicSleep, FunctionPlace } from '../model/lifetimes.js';
import { functionsMatching } from '../tables/functions-matching.js';
import { unique } from '../unique.js';
import { atomicSectionAround } from './atomic-paths.js';
import { ownPutsOf } from './own-puts.js';

const sleepingWord = new RegExp(`\\b(?:${[...sleepingCalls].join('|')})\\s*\\(`, 'g');
const memberNames = [...new Set(atomicMembers.map(({ member }) => member))].join('|');
const entranceWord = new RegExp(
  `\\b(?:${[...atomicEntrances.keys()].join('|')})\\b|(?:->|\\.)\\s*(?:${memberNames})\\s*=[^=]`,
);
/** What stands before the name of a function that is stored in such a member. */
const beforeStored = new RegExp(`(?:->|\\.)\\s*(${memberNames})\\s*=\\s*&?\\s*$`);

/** Callers are followed this many calls up. */
const highestCaller = 2;

/**
 * Finds the sleeping calls in atomic sections: those of their own function, of its callers, and of entrances. Of several that
 * one call in a section leads to, only the first one.
 */
export function findAtomicSleeps(codebase: Codebase): readonly AtomicSleep[] {
  const sleeps = codebase.program
    .candidatesWith(new RegExp(sleepingWord.source))
    .filter((path) => path !== dmaBufCore)
    .flatMap((path) => functionsMatching(codebase, path, sleepingWord))
    .flatMap((ref) => memoByFunction(codebase, ref, 'atomic-sleeps', () => sleepsIn(codebase, ref), plain()));
  return unique(sleeps, ({ ref, at, chain: [first] }) => (first ? placeKey(first) : placeKey({ ref, at })));
}

function placeKey({ ref, at }: FunctionPlace): string {
  return `${ref.path}:${at}`;
}

function sleepsIn(codebase: Codebase, ref: FunctionRef): readonly AtomicSleep[] {
  const calls = callsIn(codebase.program.lower(ref).body).filter(
    ({ name }) => name !== null && sleepingCalls.has(name),
  );
  return calls.flatMap(({ call, name }): readonly AtomicSleep[] => {
    const around = sectionAbove(codebase, ref, call, highestCaller, new Set());
    return around ? [{ ref, at: call.at, api: name ?? '', ...around }] : [];
  });
}

type Around = Pick<AtomicSleep, 'section' | 'chain' | 'isOwnPut'>;

/** The section around a call, in its function or above. */
function sectionAbove(
  codebase: Codebase,
  ref: FunctionRef,
  call: CallExpression,
  height: number,
  seen: Set<string>,
): Around | undefined {
  if (mentionsAtomic(codebase.program.bodyText(ref))) {
    const at = atomicSectionAround({
      unit: codebase.program.lower(ref),
      call,
      mayEnd: (name) => mayEndSection(codebase, ref, name),
    });
    if (at !== null) return { section: { ref, at, isEntrance: false }, chain: [], isOwnPut: false };
  }
  if (seen.has(functionKey(ref))) return undefined;
  seen.add(functionKey(ref));
  const entrance = entranceOf(codebase, ref);
  if (entrance) return { section: { ...entrance, isEntrance: true }, chain: [], isOwnPut: false };
  // A helper that is called with a lock held may drop it first.
  if (height === 0 || dropsLock(codebase, ref)) return undefined;
  const certain = [...codebase.references.callersOf(ref), ...lastPutsOf(codebase, ref)];
  const own = ownPutsOf(codebase, ref);
  for (const { caller, call: above } of [...certain, ...own]) {
    const found = sectionAbove(codebase, caller, above, height - 1, seen);
    if (!found) continue;
    const isOwnPut = found.isOwnPut || own.some(({ call: put }) => put === above);
    return { ...found, isOwnPut, chain: [...found.chain, { ref: caller, at: above.at }] };
  }
  return undefined;
}

/**
 * The calls of kref_put() that run a function where the put is the last one. Where a caller also gets a reference, another
 * one is there.
 */
function lastPutsOf(codebase: Codebase, ref: FunctionRef): readonly CallSite[] {
  const { program, references } = codebase;
  const files = program.translationUnit(ref.path).filter((path) => program.includes(path, kref.put));
  const around = files.length === 0 ? [] : references.of(ref.outline.name, files);
  const callers = new Map(around.flatMap(({ inside }) => (inside ? [[functionKey(inside), inside] as const] : [])));
  return [...callers.values()].flatMap((caller) => {
    const calls = callsIn(program.lower(caller).body);
    if (calls.some(({ name }) => name === kref.get)) return [];
    return calls.flatMap(({ name, call }) => {
      const release = isKrefPut(name) ? call.arguments[1] : undefined;
      return release?.kind === 'name' && release.name === ref.outline.name ? [{ caller, call }] : [];
    });
  });
}

/** Through how many callees of such a function its end is looked for. */
const deepestEnd = 2;

/**
 * Whether a function that is called in a section may end it: since its code ends one, or by its name. `foo_find_locked()` of
 * which all can be seen, and which calls nothing that is named for a lock, does what its code does.
 */
function mayEndSection(codebase: Codebase, { path }: FunctionRef, name: string): boolean {
  const target = codebase.definitions.findNear(name, path);
  if (target && mentionsAtomicEnd(codebase.program.bodyText(target))) return true;
  return isNamedForLock(name) && !leavesHeld(codebase, name, path);
}

/** Whether a function is named for a lock that is held, as `foo_find_locked()` is, and ends no section. */
function leavesHeld(codebase: Codebase, name: string, path: string): boolean {
  if (!isNamedForHeldLock(name) || isNamedForDropping(name)) return false;
  const target = codebase.definitions.findNear(name, path);
  return target !== undefined && !mayEndBelow(codebase, target, deepestEnd);
}

function mayEndBelow(codebase: Codebase, ref: FunctionRef, depth: number): boolean {
  if (mentionsAtomicEnd(codebase.program.bodyText(ref))) return true;
  const { body, unparsed } = codebase.program.lower(ref);
  return (
    unparsed.length > 0 ||
    callsIn(body).some(({ name }) => {
      // The core drops no spinlock of its callers.
      if (name !== null && apiFunctions.has(name)) return false;
      // A macro may be named in capitals.
      if (name === null || isNamedForLock(name.toLowerCase())) return true;
      const callee = depth > 0 ? codebase.definitions.findNear(name, ref.path) : undefined;
      return callee !== undefined && mayEndBelow(codebase, callee, depth - 1);
    })
  );
}

/**
 * Whether a function may end a section of its caller: in the order of its text, it drops a lock that it has not taken.
 * Mutexes and reservation locks are no sections.
 */
function dropsLock(codebase: Codebase, ref: FunctionRef): boolean {
  const taken = new Set<string>();
  return callsIn(codebase.program.lower(ref).body).some(({ name, call }) => {
    if (name === null) return false;
    const [lock] = call.arguments;
    const text = lock ? expressionText(lock) : '';
    if (beginsAtomic(name)) taken.add(text);
    if (endsAtomic(name)) return !taken.has(text);
    if (!isNamedForLock(name) || isPlainLock(name) || isPlainUnlock(name) || lockFunctions.has(name)) return false;
    return !leavesHeld(codebase, name, ref.path);
  });
}

/** Where code has a function run in an interrupt, or under a spinlock of somebody else. */
function entranceOf(codebase: Codebase, ref: FunctionRef): FunctionPlace | undefined {
  const files = codebase.program
    .translationUnit(ref.path)
    .filter((path) =>
      memoByFile(
        codebase,
        path,
        'atomic-entrances',
        () => entranceWord.test(codebase.program.file(path)?.code ?? ''),
        plain(),
      ),
    );
  for (const { inside, path, at } of files.length === 0 ? [] : codebase.references.of(ref.outline.name, files)) {
    if (!inside) continue;
    if (isStoredAsEntrance(codebase, ref, path, at)) return { ref: inside, at };
    const found = callsIn(codebase.program.lower(inside).body).find(({ name, call }) => {
      const index = name === null ? undefined : atomicEntrances.get(name);
      const passed = index === undefined ? undefined : call.arguments[index];
      return passed?.kind === 'name' && passed.name === ref.outline.name;
    });
    if (found) return { ref: inside, at: found.call.at };
  }
  return undefined;
}

/** Whether the name of a function at an offset is stored in a member whose function runs in an interrupt. */
function isStoredAsEntrance(codebase: Codebase, { outline }: FunctionRef, path: string, at: number): boolean {
  const before = codebase.program.file(path)?.code.slice(Math.max(0, at - 80), at) ?? '';
  const member = beforeStored.exec(before)?.[1];
  const type = outline.parameters[0]?.type ?? '';
  return atomicMembers.some((row) => row.member === member && new RegExp(`\\b${row.first}\\b`).test(type));
}
