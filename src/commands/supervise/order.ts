import type { Environment } from '../../base/environment.js';
import type { TerminalTraits } from '../cli/terminal.js';
import type { Job } from './job.js';

/** What a supervised process is told, all in one message. */
export interface Order {
  readonly job: Job;
  /** The number of the process that waits for the result. */
  readonly supervisor: number;
  readonly env: Environment;
  readonly cwd: string;
  readonly traits: TerminalTraits;
  /** The descriptor to which the process writes what it is about to parse; null for none, which is faster. */
  readonly watchedAt: number | null;
  /** What the parser crashed on in earlier attempts, and must not get again. */
  readonly spoilt: readonly string[];
}
