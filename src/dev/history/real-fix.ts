/** A bug that was in a released kernel and that a later release fixed: what the tool should tell of the older one. */
export interface RealFix {
  readonly file: string;
  /** The line in the older kernel where a finding belongs, from 1. */
  readonly line: number;
  readonly function: string;
  /** The rules that may tell it. */
  readonly rules: readonly string[];
  /** What is wrong, and on which path. */
  readonly what: string;
}
