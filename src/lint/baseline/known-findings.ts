import type { Finding } from '../finding.js';
import { type Baseline, type BaselineMatch, entryFingerprint } from './baseline.js';
import type { Comparison, Marked } from './compare.js';

/** What a run that reports only new findings says about the others. */
export interface KnownFindings {
  /** The baselines and revisions that the tree was compared with, as the user named them. */
  readonly against: readonly string[];
  /** Known findings, which are not reported, each with the reason from the baseline (or an empty one). */
  readonly unchanged: readonly { readonly finding: Finding; readonly reason: string }[];
  /** Known findings that are gone. */
  readonly fixed: readonly FixedFinding[];
  /** The number of baseline entries that the run could not check. */
  readonly notLookedAt: number;
}

/** A known finding that is gone. It has no line: the new tree has no place for it. */
export interface FixedFinding {
  readonly rule: string;
  readonly file: string;
  readonly subject: string;
  readonly message: string;
  readonly fingerprint: string;
}

/** Findings split into new and known ones, by one baseline or one revision. */
export interface Sifted {
  readonly introduced: readonly Finding[];
  readonly known: KnownFindings;
}

/** Splits findings by a comparison with another tree. @param revision the other tree, as the user named it */
export function siftByComparison(revision: string, { introduced, unchanged, fixed }: Comparison): Sifted {
  const known = {
    against: [revision],
    unchanged: unchanged.map((finding) => ({ finding, reason: '' })),
    fixed: fixed.map((finding) => goneFinding(finding, finding.fingerprint)),
    notLookedAt: 0,
  };
  return { introduced, known };
}

/** Splits findings by a baseline. */
export function siftByBaseline({ path }: Baseline, match: BaselineMatch): Sifted {
  const known = {
    against: [path],
    unchanged: match.unchanged.map(({ finding, entry }) => ({ finding, reason: entry.reason })),
    fixed: match.fixed.map((entry) => goneFinding(entry, entryFingerprint(entry))),
    notLookedAt: match.notLookedAt.length,
  };
  return { introduced: match.introduced, known };
}

/** Describes a known finding that is gone. */
export function goneFinding(
  { rule, file, mark, message }: Marked & { readonly message: string },
  fingerprint: string,
): FixedFinding {
  return { rule, file, subject: mark.subject, message, fingerprint };
}

/** A result, as far as it matters here. */
interface Found {
  readonly findings: readonly Finding[];
  readonly known?: KnownFindings;
}

/** Removes from a result each finding that one of the baselines or revisions knows. */
export function withoutKnown<Outcome extends Found>(result: Outcome, sifted: readonly Sifted[]): Outcome {
  if (sifted.length === 0) return result;
  const all = sifted.map(({ known }) => known);
  // A baseline comes after a revision, and only a baseline has reasons: the last one wins.
  const old = new Map(all.flatMap(({ unchanged }) => unchanged).map((one) => [one.finding.fingerprint, one]));
  const fixed = new Map(all.flatMap((known) => known.fixed).map((one) => [one.fingerprint, one]));
  return {
    ...result,
    findings: result.findings.filter(({ fingerprint }) => !old.has(fingerprint)),
    known: {
      against: all.flatMap(({ against }) => against),
      unchanged: result.findings.flatMap(({ fingerprint }) => old.get(fingerprint) ?? []),
      fixed: [...fixed.values()],
      notLookedAt: all.reduce((sum, { notLookedAt }) => sum + notLookedAt, 0),
    },
  };
}
