import type { Finding } from '../finding.js';
import type { Baseline, BaselineMatch } from './baseline.js';
import { entryFingerprint } from './baseline.js';
import type { Comparison } from './compare.js';

/** What a run that was asked for new findings only says of the others. */
export interface KnownFindings {
  /** What the tree was held against, as the user named it. */
  readonly against: readonly string[];
  /** Old findings, which are left out, and why they may stay, as far as anybody wrote that down. */
  readonly unchanged: readonly { readonly finding: Finding; readonly reason: string }[];
  readonly fixed: readonly FixedFinding[];
  /** How many entries of a baseline nothing can be said of. */
  readonly notLookedAt: number;
}

/** A finding that was there before. Where it stood is not known any more. */
export interface FixedFinding {
  readonly rule: string;
  readonly file: string;
  readonly subject: string;
  readonly message: string;
  readonly fingerprint: string;
}

/** What a finding is against what was there before, in the words of SARIF. */
export type BaselineState = 'new' | 'unchanged' | 'absent';

/**
 * The state of each finding by its fingerprint, those that are left out and those that are gone included; null where
 * the run was not asked for new ones only.
 */
export function baselineStates({ findings, known }: Found): ReadonlyMap<string, BaselineState> | null {
  if (!known) return null;
  return new Map<string, BaselineState>([
    ...known.fixed.map(({ fingerprint }) => [fingerprint, 'absent'] as const),
    ...known.unchanged.map(({ finding }) => [finding.fingerprint, 'unchanged'] as const),
    ...findings.map(({ fingerprint }) => [fingerprint, 'new'] as const),
  ]);
}

/** What is new against another tree, and what is known from there. */
export interface Sifted {
  readonly introduced: readonly Finding[];
  readonly known: KnownFindings;
}

/** What a comparison with another tree leaves as new. */
export function siftByComparison(revision: string, { introduced, unchanged, fixed }: Comparison): Sifted {
  const known = {
    against: [revision],
    unchanged: unchanged.map((finding) => ({ finding, reason: '' })),
    fixed: fixed.map((finding) => goneFinding(finding, finding.fingerprint)),
    notLookedAt: 0,
  };
  return { introduced, known };
}

/** What a baseline leaves as new. */
export function siftByBaseline({ path }: Baseline, match: BaselineMatch): Sifted {
  const known = {
    against: [path],
    unchanged: match.unchanged.map(({ finding, entry }) => ({ finding, reason: entry.reason })),
    fixed: match.fixed.map((entry) => goneFinding(entry, entryFingerprint(entry))),
    notLookedAt: match.notLookedAt.length,
  };
  return { introduced: match.introduced, known };
}

/** An old finding as one that is gone. */
export function goneFinding(
  { rule, file, mark, message }: Omit<Baseline['entries'][number], 'reason'>,
  fingerprint: string,
) {
  return { rule, file, subject: mark.subject, message, fingerprint };
}

/** What a run found, and what of it was there before. */
interface Found {
  readonly findings: readonly Finding[];
  readonly known?: KnownFindings;
}

/** A result of which only that is left that is new by every one of the given. */
export function withoutKnown<Outcome extends Found>(result: Outcome, sifted: readonly Sifted[]): Outcome {
  if (sifted.length === 0) return result;
  const all = sifted.map(({ known }) => known);
  // The last that knows a finding is the one that may have a reason.
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
