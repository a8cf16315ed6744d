import { isDirectionType } from '../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';

/** A longer body, in characters, does more than choose. */
const longestChoice = 400;

/** Whether a function chooses a direction: `static enum dma_data_direction ex_dir(u32 flags)`. */
export function choosesDirection(codebase: Codebase, ref: FunctionRef): boolean {
  const { returnType, bodyStart, end } = ref.outline;
  if (!isDirectionType(returnType) || returnType.includes('*') || end - bodyStart > longestChoice) return false;
  return !/\b(?:for|while|goto)\b/.test(codebase.program.bodyText(ref));
}
