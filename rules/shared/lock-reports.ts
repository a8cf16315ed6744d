import { conditionsAt } from '../../src/c/index.js';
import type { Contract, LockDefect } from '../../src/contract/index.js';
import { asksOnlyConfiguration } from '../../src/kernel/index.js';
import type { FixProposal, Report } from '../../src/lint/index.js';

/** Reports the lock facts of one kind. @param word makes the message @param fix proposes a fix, where the rule has one */
export function* reportLocks(
  contract: Contract,
  kind: LockDefect['kind'],
  word: (fact: LockDefect) => string,
  fix?: (fact: LockDefect) => FixProposal,
): Iterable<Report> {
  for (const fact of contract.locks().defects)
    if (fact.kind === kind && !isForOldKernels(contract, fact))
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

/**
 * Whether a call stands under a condition that asks what a kernel has, and the same function calls the `_unlocked` variant
 * under another one: a kernel with that variant, as this one, does not compile the call.
 */
function isForOldKernels({ codebase, dialect }: Contract, { path, at, api }: LockDefect): boolean {
  const file = codebase.program.file(path);
  const inside = file?.unit.functions.find(({ start, end }) => start <= at && at < end);
  if (!file || !inside || !dialect.declared.has(`${api}${unlocked}`)) return false;
  const isConditional = conditionsAt(file.unit, at).some((condition) => !asksOnlyConfiguration(condition));
  return isConditional && new RegExp(`\\b${api}${unlocked}\\s*\\(`).test(file.code.slice(inside.start, inside.end));
}

const unlocked = '_unlocked';
