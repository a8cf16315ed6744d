import type { Codebase, FunctionRef } from '../../program/index.js';
import { commentBefore } from './comment-before.js';

const takes =
  /\b(?:consum\w+|tak\w+ over|tak\w+ ownership|steal\w*|donat\w+)\b[^.]*\b(?:ref\w*|dma_?buf\w*|@\w*buf\w*|ownership)\b/i;
const getsGiven =
  /\bref\w*\b[^.]*\b(?:goes to|(?:is|are) (?:consumed|taken over|handed|transferred|passed|moved)|belongs to)\b/i;

/** Whether the comment before a function says that it takes over a reference from its caller. */
export function saysItTakesReference(codebase: Codebase, ref: FunctionRef): boolean {
  const comment = commentBefore(codebase, ref);
  return takes.test(comment) || getsGiven.test(comment);
}
