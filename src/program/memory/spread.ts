import { treeAttributeWords } from '../../c/index.js';
import type { FileChange } from '../../input/series/series.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { isSource } from '../../input/tree/walk.js';
import { moduleAround } from '../lookup/modules.js';
import { folderOf } from '../paths.js';
import { contractWord, isHeaderForAll, mostCalls, readModule } from './module-text.js';
import { touchedNames } from './touched-names.js';

/** A change that other modules can notice by more names than these is a change to the whole tree. */
const mostNames = 300;

/** Where a change of a tree can be noticed by its names. */
export interface Spread {
  /**
   * The files of other modules that name what some changes alter: a function that a module exports, or that reaches one
   * within a few calls, and whatever a header defines. Only modules that mention dma-bufs count.
   * @returns null where the names are too many to tell
   */
  usersOf(changes: readonly FileChange[]): Promise<readonly string[] | null>;
}

/** Creates the answers for changes to one tree. */
export function createSpread(base: SourceTree): Spread {
  const attributes = treeAttributeWords((file) => base.read(file), []);
  return {
    async usersOf(changes) {
      const names = new Set<string>();
      for (const { path, oldPath, before, after } of changes) {
        if (!isSource(path) || before === after || before === null) continue;
        const own = oldPath ?? path;
        const { defined } = touchedNames({ path: own, before, after }, attributes);
        const noticed = isHeaderForAll(own) ? defined : noticedFromModule(base, own, defined);
        for (const name of noticed ?? []) names.add(name);
        if (noticed === null || names.size > mostNames) return null;
      }
      return names.size === 0 ? [] : await usersOfNames(base, names);
    },
  };
}

/** What other modules notice of a file outside of include/; null where it is too much to tell. */
function noticedFromModule(base: SourceTree, path: string, defined: ReadonlySet<string>): ReadonlySet<string> | null {
  const exported = exportedAbove(base, path, defined);
  // Another driver may include the header of this one: `#include "../other/other.h"`.
  return exported && path.endsWith('.h') ? new Set([...exported, ...defined]) : exported;
}

/** The functions that other modules may call, among those that were changed and those that reach them; null where they are too many. */
function exportedAbove(base: SourceTree, path: string, changed: ReadonlySet<string>): ReadonlySet<string> | null {
  const folder = folderOf(path);
  const { files, from } = moduleAround(base.sources, folder);
  // A folder of a driver that is too large to be one module: the others call its functions without an export.
  const isPartOfDriver = from !== 'parent' && folder.split('/').length > depthOfDriver;
  const exported = new Set(isPartOfDriver ? [] : files.flatMap((file) => exportsIn(base.read(file) ?? '')));
  if (exported.size === 0 && !isPartOfDriver) return exported;
  const module = readModule(base, files, []);
  const reached = new Set(changed);
  let next: ReadonlySet<string> = changed;
  for (let calls = 0; calls < mostCalls && next.size > 0; calls++) {
    next = new Set([...module.callersOf(next)].filter((name) => !reached.has(name)));
    for (const name of next) reached.add(name);
    if (reached.size > mostNames) return null;
  }
  return isPartOfDriver ? reached : new Set([...reached].filter((name) => exported.has(name)));
}

/** How deep the folder of a driver lies at most: drivers/gpu/drm/amd. */
const depthOfDriver = 4;

function exportsIn(text: string): readonly string[] {
  if (!text.includes('EXPORT_SYMBOL')) return [];
  return [...text.matchAll(/\bEXPORT_SYMBOL\w*\(\s*(\w+)/g)].map(([, name = '']) => name);
}

/**
 * The files of drivers with any of some names, or with a name that a header of include/ makes of them; null where these are
 * too many.
 */
async function usersOfNames(base: SourceTree, names: ReadonlySet<string>): Promise<readonly string[] | null> {
  const known = new Set(names);
  const users = new Set<string>();
  let next: ReadonlySet<string> = names;
  for (let calls = 0; calls < mostCalls && next.size > 0; calls++) {
    const found = await filesNaming(base, [...next]);
    for (const path of found) if (!isHeaderForAll(path)) users.add(path);
    const headers = readModule(base, found.filter(isHeaderForAll), found);
    next = new Set([...headers.callersOf(next)].filter((name) => !known.has(name)));
    for (const name of next) known.add(name);
    if (known.size > mostNames) return null;
  }
  return [...users];
}

/** The files with any of some names, in modules that mention dma-bufs. */
async function filesNaming(base: SourceTree, names: readonly string[]): Promise<readonly string[]> {
  const { hits } = await base.search(base.sources, [contractWord, ...names], true);
  const [mentioning = [], ...named] = hits;
  const mentions = new Set(mentioning);
  const pattern = new RegExp(`\\b(?:${names.join('|')})\\b`);
  const speaks = new Map<string, boolean>();
  const isInSpeaking = (path: string): boolean => {
    const folder = folderOf(path);
    const known = speaks.get(folder) ?? moduleAround(base.sources, folder).files.some((file) => mentions.has(file));
    speaks.set(folder, known);
    return known;
  };
  return [...new Set(named.flat())].filter((path) => isInSpeaking(path) && pattern.test(base.read(path) ?? ''));
}
