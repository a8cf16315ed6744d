import { isNamedForDropping, isNamedForHeldLock, isNamedForTaking } from '../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';
import { commentBefore } from './comment-before.js';

/** Whether a function says, by its name or in the comment before it, that its callers hold the lock. */
export function saysCallersHoldLock(codebase: Codebase, ref: FunctionRef): boolean {
  if (isNamedForHeldLock(ref.outline.name)) return true;
  return /(?:must|should|has to|to be|is|are|caller)\b[^.]*\b(?:held|hold|holds|locked|reserved)\b|with\b[^.]*\block\b[^.]*\bheld\b/i.test(
    commentBefore(codebase, ref),
  );
}

/** Whether a function says that it returns with the lock held, or with its caller's lock dropped. */
export function saysItLeavesLock(codebase: Codebase, ref: FunctionRef, state: 'held' | 'dropped'): boolean {
  if (state === 'held' ? isNamedForTaking(ref.outline.name) : isNamedForDropping(ref.outline.name)) return true;
  return commentSaysItLeavesLock(codebase, ref);
}

/** Whether the comment before a function says so, whatever its name is. */
export function commentSaysItLeavesLock(codebase: Codebase, ref: FunctionRef): boolean {
  return /\b(?:lock|reservation)\b[^.]*\bheld\b|\b(?:drops?|releases?|unlocks?|returns?)\b[^.]*\block(?:ed)?\b/i.test(
    commentBefore(codebase, ref),
  );
}
