import type { Contract, Place } from '../../contract/index.js';
import { placeOf } from '../../contract/index.js';
import { filesSaying, functionAt } from '../../program/index.js';
import type { Finding } from '../finding.js';
import {
  type InvalidSuppression,
  type KnownRules,
  readSuppressions,
  type Suppression,
  type SuppressionComments,
  suppressionWord,
} from './suppression-comments.js';

/** A finding that a comment asks to leave out. */
export interface SuppressedFinding {
  readonly finding: Finding;
  readonly reason: string;
  /** Where the comment names the rule. */
  readonly place: Place;
}

/** A comment that suppresses nothing, though its rule ran. */
export interface UnusedSuppression {
  readonly suppression: Suppression;
  /** The line of the comment that already suppresses what this one would, or null. */
  readonly coveredBy: number | null;
  /** Nothing in its file was left unanalysed: what the rule does not report there is not there. */
  readonly isCertain: boolean;
}

/** What there is to say about the suppressions of a tree. */
export interface SuppressionReview {
  readonly invalid: readonly InvalidSuppression[];
  readonly unused: readonly UnusedSuppression[];
}

export interface SuppressionOutcome {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly review: SuppressionReview;
}

/**
 * Takes out the findings that a comment on or above their line suppresses.
 * @param findings of all rules about the contract, in order
 * @param ran the rules that they can come from
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
  const kept = findings.filter((finding) => {
    const suppression = valid.findLast((candidate) => suppresses(candidate, finding));
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
    review: { invalid, unused: unused.map((suppression) => toUnused(contract, suppression, suppressed)) },
  };
}

/** The suppressions of the whole tree: documents have none, since what they hold are no C comments. */
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

function suppresses({ path, rule, covers }: Suppression, finding: Finding): boolean {
  return path === finding.file && rule === finding.rule && covers.first <= finding.line && finding.line <= covers.last;
}

/** Where nothing is compiled nothing is found, whether or not there is something. */
function isDead({ codebase }: Contract, { path, at }: Suppression): boolean {
  return codebase.program.file(path)?.unit.dead.some(({ start, end }) => start <= at && at < end) ?? false;
}

function toUnused(
  contract: Contract,
  suppression: Suppression,
  suppressed: readonly SuppressedFinding[],
): UnusedSuppression {
  const other = suppressed.find(({ finding }) => suppresses(suppression, finding));
  return {
    suppression,
    coveredBy: other?.place.line ?? null,
    isCertain: !contract.notAnalysed.some(({ file }) => file === suppression.path),
  };
}

function placeOfSuppression({ codebase }: Contract, { path, at }: Suppression): Place {
  return placeOf(codebase, path, at, functionAt(codebase.program, path, at) ?? null);
}
