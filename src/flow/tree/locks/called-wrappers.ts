// Which functions take locks by calling a helper that does?

import { lockContext, lockFunctionsThat, mayWrapLock } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, folderOf } from '../../../program/index.js';
import { calledNames, callOfAny } from './called-names.js';
import type { LockRelevance } from './lock-relevance.js';

/** Whether a function takes a lock by a guard, or by calling a wrapper of a lock function. */
export function callsWrapper(codebase: Codebase, relevance: LockRelevance, ref: FunctionRef): boolean {
  if (/guard\s*\(/.test(codebase.program.bodyText(ref))) return true;
  return wrappersCalled(codebase, relevance, ref).length > 0;
}

const taking = callOfAny(new Set([...lockFunctionsThat('take'), lockContext.begin]));

/**
 * Whether a function takes a lock by a helper of its file, or by an inline function in a header of its folder; or several
 * locks by any helper of its folder.
 */
export function callsOwnWrapper(codebase: Codebase, relevance: LockRelevance, ref: FunctionRef): boolean {
  return wrappersCalled(codebase, relevance, ref).some(
    (wrapper) =>
      (isOwn(ref, wrapper) && taking.test(codebase.program.bodyText(wrapper))) ||
      (folderOf(wrapper.path) === folderOf(ref.path) && takesByLoop(codebase, relevance, wrapper)),
  );
}

/** Whether a function is a helper of the file of another, or of a header of its folder. */
function isOwn(ref: FunctionRef, { path, outline }: FunctionRef): boolean {
  const isNear = path === ref.path || (path.endsWith('.h') && folderOf(path) === folderOf(ref.path));
  return isNear && outline.isStatic;
}

const loopWord = /\b(?:for|while|\w*for_each\w*)\s*\(/;

/** Whether a helper leaves locks held that it takes in a loop, by itself or by another helper. */
function takesByLoop(codebase: Codebase, relevance: LockRelevance, helper: FunctionRef): boolean {
  if (!relevance.isTaker(helper.outline.name, helper.path)) return false;
  const { program } = codebase;
  const takers = [helper, ...wrappersCalled(codebase, relevance, helper)].filter((one) =>
    taking.test(program.bodyText(one)),
  );
  return takers.length > 0 && [helper, ...takers].some((one) => loopWord.test(program.bodyText(one)));
}

function wrappersCalled(codebase: Codebase, relevance: LockRelevance, ref: FunctionRef): readonly FunctionRef[] {
  return calledNames(codebase, ref).flatMap((name) => {
    const mayWrap = mayWrapLock(name) || relevance.isHelper(name, ref.path);
    const target = mayWrap ? relevance.find(name, ref.path) : undefined;
    return target && relevance.isWrapper(target) ? [target] : [];
  });
}
