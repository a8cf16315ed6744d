// Which functions of a module reach an unmap?

import { functionsWithRole, isRelease } from '../../kernel/index.js';
import { type Codebase, folderOf } from '../../program/index.js';
import { type CallPaths, findCallPaths, type PathCall } from '../calls/call-paths.js';
import { callPointAt } from '../calls/program-point.js';
import { deferralOf, runsOnlyWhenGone } from './deferred-unmap.js';

/** The call paths by direct calls from the functions of a module to an unmap. */
interface UnmapPaths {
  /** The paths that prove that the memory is given up. */
  readonly proofs: CallPaths;
  /** All paths. */
  readonly any: CallPaths;
}

/** Finds the unmap paths of the module of a file. */
export function unmapPathsOf(codebase: Codebase, path: string): UnmapPaths {
  const isProof = ({ ref, at, name, isLast }: PathCall): boolean => {
    // Whether a release function gets the object of the callback, only the search from the callback can tell.
    if (!isLast && isRelease(name)) return false;
    const call = callPointAt(codebase, ref, at)?.call;
    if (!call) return true;
    return isLast ? deferralOf(codebase, ref, call) === null : !runsOnlyWhenGone(codebase, ref, call);
  };
  return codebase.memory.recall(`unmap-paths\0${folderOf(path)}`, () => {
    const module = codebase.definitions.module(path);
    return {
      proofs: findCallPaths(codebase, functionsWithRole('unmap'), module, isProof),
      any: findCallPaths(codebase, functionsWithRole('unmap'), module),
    };
  });
}
