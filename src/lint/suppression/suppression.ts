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

/**
 * Finds the last suppression that covers a finding, without a look at all of them: those of a file come in the order of
 * the text, so the lines that they begin to cover never decrease.
 */
function coveringIndex(all: readonly Suppression[]): (finding: Finding) => Suppression | undefined {
  const groups = new Map<string, { readonly suppressions: Suppression[]; readonly reach: number[] }>();
  for (const suppression of all) {
    const key = `${suppression.path}\0${suppression.rule}`;
    const group = groups.get(key) ?? { suppressions: [], reach: [] };
    groups.set(key, group);
    group.suppressions.push(suppression);
    // How far down any suppression up to this one covers lines.
    group.reach.push(Math.max(group.reach.at(-1) ?? 0, suppression.covers.last));
  }
  return (finding) => {
    const group = groups.get(`${finding.file}\0${finding.rule}`);
    if (!group) return undefined;
    let [low, high] = [0, group.suppressions.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((group.suppressions[middle]?.covers.first ?? 0) <= finding.line) low = middle + 1;
      else high = middle;
    }
    for (let at = low - 1; at >= 0 && (group.reach[at] ?? 0) >= finding.line; at--) {
      const candidate = group.suppressions[at];
      if (candidate && suppresses(candidate, finding)) return candidate;
    }
    return undefined;
  };
}

function suppresses({ path, rule, covers }: Suppression, finding: Finding): boolean {
  return path === finding.file && rule === finding.rule && covers.first <= finding.line && finding.line <= covers.last;
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
