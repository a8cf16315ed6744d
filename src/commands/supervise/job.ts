import type { StampedWalk } from '../../input/tree/stamped-walk.js';

/** A verb with all that the command line gives it: plain data, which can be sent to another process. */
export interface Job<Options = unknown> {
  /** The name of the verb. */
  readonly verb: string;
  readonly args: readonly string[];
  readonly options: Options;
  /** The files of the tree, where the process that hands the job over has listed them already. */
  readonly listed?: StampedWalk;
  /** Whether earlier runs have left so much that little is to be analysed. */
  readonly isWarm?: boolean;
  /** Whether to tell on standard error where the time went. */
  readonly isProfiled?: boolean;
}

/** All words of a job: its arguments, and the values of its options. */
export function wordsOf({ args, options }: Job): readonly string[] {
  const values = Object.values(options ?? {}).flat();
  return [...args, ...values.filter((value): value is string => typeof value === 'string')];
}

/** Whether a job names a file descriptor of this process, which another process does not have: `/dev/fd/63`. */
export function namesDescriptor(job: Job): boolean {
  return wordsOf(job).some((word) => /^(?:[\w-]+=)?\/(?:dev|proc\/self)\/fd\//.test(word));
}
