import type { Inventory, NotAnalysed } from '../contract/index.js';
import type { Finding, FixedFinding, JudgedPatch, SuppressedFinding } from '../lint/index.js';

/** The text of a file as the findings have it, or undefined where it cannot be shown. */
export type TextOf = (path: string) => string | undefined;

/** Findings that stand together: those of a tree, or those of one patch. */
export interface FindingGroup {
  /** The patch that is to blame; null for findings about a tree, or about a series as a whole. */
  readonly patch: ReportedPatch | null;
  readonly findings: readonly Finding[];
  readonly notAnalysed: readonly NotAnalysed[];
  readonly textOf: TextOf;
  /** Whether a line was written by what is judged; false where nothing is known of that. */
  isChanged(file: string, line: number): boolean;
}

/** A patch as a reply to it has to name it. */
export interface ReportedPatch extends Pick<JudgedPatch['patch'], 'subject' | 'author' | 'body' | 'messageId'> {
  /** `3/8`: which of how many. */
  readonly label: string;
  /** Its diff with some lines around each change. */
  readonly diff: Buffer | null;
}

/** What the formats of other programs are made of, be it of a tree or of a series. */
export interface RunReport {
  readonly command: 'scan' | 'series';
  /** `linux 7.3.4`, or as much of it as is known. */
  readonly subject: string;
  readonly revision: string | null;
  /** Where the repository is had from, as a URI without credentials. */
  readonly repository: string | null;
  readonly groups: readonly FindingGroup[];
  /** Null where nothing had to be analysed. */
  readonly inventory: Inventory | null;
  readonly suppressed: readonly SuppressedFinding[];
  /** What was there before; null where nobody asked what is new. */
  readonly known: KnownPart | null;
  /** One line that counts. */
  readonly summary: string;
}

export interface KnownPart {
  readonly unchanged: readonly { readonly finding: Finding; readonly reason: string }[];
  readonly fixed: readonly FixedFinding[];
}

/** A finding with the group that it is of. */
export interface GroupedFinding {
  readonly finding: Finding;
  readonly group: FindingGroup;
}

/** All findings in order, each saying which patch it belongs to. No two have the same fingerprint. */
export function labelledFindings({ groups }: RunReport): readonly GroupedFinding[] {
  const times = new Map<string, number>();
  return groups.flatMap((group) =>
    group.findings.map((finding) => {
      const time = times.get(finding.fingerprint) ?? 0;
      times.set(finding.fingerprint, time + 1);
      return {
        finding: {
          ...finding,
          message: labelled(finding.message, group),
          fingerprint: unique(finding.fingerprint, time),
        },
        group,
      };
    }),
  );
}

/**
 * The findings for b4, which asks about one patch: it knows which, and that a later one mends what is told anyway is
 * left out.
 */
export function ofAskedPatch({ groups }: RunReport): readonly Finding[] {
  return groups.flatMap(({ findings }) => findings).filter(({ rule }) => rule !== 'bisect-hazard');
}

function labelled(message: string, { patch }: FindingGroup): string {
  return patch ? `${message} (patch ${patch.label})` : message;
}

/** What one patch takes away and a later one brings back is told twice, and is not the same to those who count. */
function unique(fingerprint: string, time: number): string {
  return time === 0 ? fingerprint : `${fingerprint}-${time}`;
}

/** What could not be analysed, of all groups. */
export function gapsOf({ groups }: RunReport): readonly NotAnalysed[] {
  return groups.flatMap((group) => group.notAnalysed.map((gap) => ({ ...gap, reason: labelled(gap.reason, group) })));
}

/** `not analysed (name()): reason`. */
export function gapMessage({ function: name, reason }: NotAnalysed): string {
  return `not analysed${name ? ` (${name}())` : ''}: ${reason}`;
}
