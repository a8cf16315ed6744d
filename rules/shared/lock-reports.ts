import type { Contract, LockDefect } from '../../src/contract/index.js';
import type { FixProposal, Report } from '../../src/lint/index.js';

/** Reports of one kind of lock fact, worded by the rule. */
export function* reportLocks(
  contract: Contract,
  kind: LockDefect['kind'],
  word: (fact: LockDefect) => string,
  fix?: (fact: LockDefect) => FixProposal,
): Iterable<Report> {
  for (const fact of contract.locks().defects)
    if (fact.kind === kind)
      yield {
        path: fact.path,
        at: fact.at,
        subject: fact.function,
        confidence: fact.certainty,
        message: word(fact),
        trace: fact.trace,
        ...(fix && { fix: () => fix(fact) }),
      };
}
