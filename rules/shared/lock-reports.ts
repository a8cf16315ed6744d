import type { Contract, LockDefect } from '../../src/contract/index.js';
import type { FixProposal, Report } from '../../src/lint/index.js';

/** Reports the lock facts of one kind. @param word makes the message @param fix proposes a fix, where the rule has one */
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
