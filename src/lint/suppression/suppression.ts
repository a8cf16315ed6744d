import type { Contract, Place } from '../../contract/index.js';
import { placeOf } from '../../contract/index.js';
import { filesSaying, functionAt } from '../../program/index.js';
import type { Finding } from '../finding.js';
import { coveringIndex, suppresses } from './covering.js';
import { type PlacedSuppression, placeSuppressions } from './placed-suppression.js';
import {
  type InvalidSuppression,
  type KnownRules,
  readSuppressions,
  type Suppression,
  type SuppressionComments,
  suppressionWord,
} from './suppression-comments.js';

/** A finding that a comment suppresses. */
export interface SuppressedFinding {
  readonly finding: Finding;
  readonly reason: string;
  /** The place where the comment names the rule. */
  readonly place: Place;
}

/** A suppression that suppresses no finding, though its rule ran. */
export interface UnusedSuppression {
  readonly suppression: Suppression;
  /** The line of another comment that suppresses the same finding, or null. */
  readonly coveredBy: number | null;
  /** Whether the file was analysed completely. If not, the finding may exist and have been missed. */
  readonly isCertain: boolean;
}

/** The problems with the suppressions of a tree: the input of the rules about suppressions. */
export interface SuppressionReview {
  readonly invalid: readonly InvalidSuppression[];
  readonly unused: readonly UnusedSuppression[];
}

/** The findings of a tree, split by suppression. */
export interface SuppressionOutcome {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** All valid suppressions, in the order of the text within each file. */
  readonly suppressions: readonly PlacedSuppression[];
  readonly review: SuppressionReview;
}

/**
 * Removes the findings that a comment on or above their line suppresses. Where several comments cover a finding, the
 * last one counts.
 * @param findings the findings of all rules about the contract, in order
 * @param ran the ids of the rules that ran
 */
export function applySuppressions(
  contract: Contract,
  findings: readonly Finding[],
  known: KnownRules,
  ran: ReadonlySet<string>,
): SuppressionOutcome {
  const { valid, invalid } = findSuppressions(contract, findings, known);
  const used = new Set<Suppression>();
  const suppressed: SuppressedFinding[] = [];
  const lastCovering = coveringIndex(valid);
  const kept = findings.filter((finding) => {
    const suppression = lastCovering(finding);
    if (!suppression) return true;
    used.add(suppression);
    suppressed.push({ finding, reason: suppression.reason, place: placeOfSuppression(contract, suppression) });
    return false;
  });
  const unused = valid.filter(
    (suppression) => !used.has(suppression) && ran.has(suppression.rule) && !isDead(contract, suppression),
  );
  return {
    findings: kept,
    suppressed,
    suppressions: placeSuppressions(contract, valid),
    review: { invalid, unused: unusedOf(contract, unused, suppressed) },
  };
}

/** Reads the suppressions of the whole tree. Documents are left out: they have no C comments. */
function findSuppressions(contract: Contract, findings: readonly Finding[], known: KnownRules): SuppressionComments {
  const { codebase } = contract;
  const { program } = codebase;
  const documents = new Set(contract.documents.map(({ path }) => path));
  const files = [...new Set([...program.mentions, ...findings.map(({ file }) => file)])];
  const paths = filesSaying(
    codebase,
    files.filter((path) => !documents.has(path)),
    suppressionWord,
  );
  const comments = paths.flatMap((path) => {
    const file = program.file(path);
    return file ? [readSuppressions(path, file, known)] : [];
  });
  return { valid: comments.flatMap(({ valid }) => valid), invalid: comments.flatMap(({ invalid }) => invalid) };
}

/** Whether a suppression is in code that is never compiled, where no rule reports anything. */
function isDead({ codebase }: Contract, { path, at }: Suppression): boolean {
  return codebase.program.file(path)?.unit.dead.some(({ start, end }) => start <= at && at < end) ?? false;
}

function unusedOf(
  contract: Contract,
  unused: readonly Suppression[],
  suppressed: readonly SuppressedFinding[],
): readonly UnusedSuppression[] {
  const gaps = new Set(contract.notAnalysed.map(({ file }) => file));
  const byRule = new Map<string, SuppressedFinding[]>();
  for (const one of suppressed) {
    const key = `${one.finding.file}\0${one.finding.rule}`;
    const others = byRule.get(key);
    if (others) others.push(one);
    else byRule.set(key, [one]);
  }
  return unused.map((suppression) => {
    const others = byRule.get(`${suppression.path}\0${suppression.rule}`);
    const other = others?.find(({ finding }) => suppresses(suppression, finding));
    return { suppression, coveredBy: other?.place.line ?? null, isCertain: !gaps.has(suppression.path) };
  });
}

function placeOfSuppression({ codebase }: Contract, { path, at }: Suppression): Place {
  return placeOf(codebase, path, at, functionAt(codebase.program, path, at) ?? null);
}
