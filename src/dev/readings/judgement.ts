import type { Confidence, Severity } from '../../lint/index.js';
import type { Series } from './reading.js';

export type Verdict = 'true' | 'false' | 'unclear';

/** The verdict of a reader of the source on the findings of one rule in one function or table. */
export interface Judgement {
  readonly trees: readonly Series[];
  readonly file: string;
  /** The function, the ops table, or the comment that the findings stand in. */
  readonly where: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** How many findings there are of it in each tree. */
  readonly times: number;
  readonly verdict: Verdict;
  readonly why: string;
}
