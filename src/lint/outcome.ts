import type { KnownFindings } from './baseline/known-findings.js';
import { factsOf, type TreeFacts } from './facts/tree-facts.js';
import type { Finding } from './finding.js';
import type { Result } from './result.js';

/** What a scan has to tell: every output format derives from this. It may be of an earlier run over the same tree. */
export interface ScanOutcome {
  readonly facts: TreeFacts;
  /** Those of the tree, or of them those that are new. */
  readonly findings: readonly Finding[];
  /** What was there before, where the findings are only those that are new. */
  readonly known?: KnownFindings;
  readonly revision: string | null;
  readonly milliseconds: number;
  /** The text of a file as it was analysed, or undefined where it cannot be shown. */
  textOf(path: string): string | undefined;
}

/** What is to be told of a result. */
export function outcomeOf(result: Result): ScanOutcome {
  const { contract, findings, known, revision, stats } = result;
  const { codebase, documents } = contract;
  return {
    facts: factsOf(result),
    findings,
    ...(known ? { known } : {}),
    revision,
    milliseconds: stats.milliseconds,
    textOf: (path) => codebase.program.peek(path) ?? documents.find((document) => document.path === path)?.text,
  };
}
