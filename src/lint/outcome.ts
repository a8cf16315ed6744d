import { isRenamed } from '../input/tree/renamed.js';
import type { KnownFindings } from './baseline/known-findings.js';
import { factsOf, type TreeFacts } from './facts/tree-facts.js';
import type { Finding } from './finding.js';
import type { Result } from './result.js';

/** What a scan reports: every output format is made from this. It may come from a stored run over the same tree. */
export interface ScanOutcome {
  readonly facts: TreeFacts;
  /** All findings, or only the new ones. */
  readonly findings: readonly Finding[];
  /** Set where `findings` holds only new ones: the others. */
  readonly known?: KnownFindings;
  /** Set where `notAnalysed` of the facts holds only what a change adds: how much there is besides. */
  readonly oldGaps?: number;
  /** The folders of the tree around which it was analysed; missing where all of it was. */
  readonly part?: readonly string[];
  readonly revision: string | null;
  readonly milliseconds: number;
  /** The text of a file as it was analysed; undefined where it is not at hand. */
  textOf(path: string): string | undefined;
}

/** Makes the outcome of a scan from a result. */
export function outcomeOf(result: Result): ScanOutcome {
  const { contract, findings, known, revision, stats } = result;
  const { codebase, documents, names } = contract;
  return {
    facts: factsOf(result),
    findings,
    ...(known ? { known } : {}),
    revision,
    milliseconds: stats.milliseconds,
    textOf: (path) =>
      isRenamed(names)
        ? names.original.read(path)
        : (codebase.program.peek(path) ?? documents.find((document) => document.path === path)?.text),
  };
}
