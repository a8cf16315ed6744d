import type { BriefNegotiation, Inventory, NotAnalysed } from '../contract/index.js';
import type { Finding, FixedFinding, JudgedPatch, SuppressedFinding } from '../lint/index.js';

/** The text of a file in the state that the findings are about; undefined if it is not available. */
export type TextOf = (path: string) => string | undefined;

/** The findings of a tree, or those of one patch. */
export interface FindingGroup {
  /** The patch that adds the findings; null for a tree, or for a series as a whole. */
  readonly patch: ReportedPatch | null;
  readonly findings: readonly Finding[];
  readonly notAnalysed: readonly NotAnalysed[];
  /** For the only patch of a series, which no cover letter introduces: what the series does as a whole, by paragraphs. */
  readonly parts?: readonly (readonly string[])[];
  /** The later patch, as `5/8`, that takes a finding away again, by its fingerprint. */
  readonly resolved?: ReadonlyMap<string, string>;
  /** The revision before, as `v6`, which had the finding, too: by its fingerprint. */
  readonly since?: ReadonlyMap<string, string>;
  /** The commit that brought a finding in, as a `Fixes:` line names it, by its fingerprint. */
  readonly broughtIn?: ReadonlyMap<string, string>;
  /** Whether the findings were there before the series: they are shown where the user asks, and fail nothing. */
  readonly isOld?: true;
  readonly textOf: TextOf;
  /** Whether the judged change wrote a line, 1-based; false if that is not known. */
  isChanged(file: string, line: number): boolean;
}

/** What a reply to a patch needs to know of it. */
export interface ReportedPatch
  extends Pick<JudgedPatch['patch'], 'subject' | 'author' | 'body' | 'messageId' | 'envelope'> {
  /** The number of the patch and how many there are, as `3/8`. */
  readonly label: string;
  /** Its diff with context lines; null if no format quotes it. */
  readonly diff: Buffer | null;
}

/** The result of a scan or of a series, as the formats for other programs take it. */
export interface RunReport {
  readonly command: 'scan' | 'series' | 'docs';
  /** What was checked, where that is not the rules. */
  readonly checks?: readonly Check[];
  /** `linux 7.3.4`, or `linux` if the version is not known. */
  readonly subject: string;
  readonly revision: string | null;
  /** The URI of the repository, without credentials. */
  readonly repository: string | null;
  /** What is new in each patch; for a tree, all that there is. */
  readonly groups: readonly FindingGroup[];
  /** What was there before the series, where the user asks for it. */
  readonly old?: FindingGroup;
  /** Null if nothing had to be analysed. */
  readonly inventory: Inventory | null;
  /** Who may attach to whom, of what the inventory lists; missing where no format of the command shows it. */
  readonly negotiation?: BriefNegotiation;
  readonly suppressed: readonly SuppressedFinding[];
  /** The old findings and the fixed ones; null if the run compares with nothing. */
  readonly known: KnownPart | null;
  /** What a reply to the cover letter says; null where there is no cover letter, or nothing to say. */
  readonly cover?: CoverReport | null;
  /** The URL below which the pages of the rules are; missing where the package names none. */
  readonly rulePages?: string;
  /** The version of the tool. */
  readonly version?: string;
  /** The commit that a series was applied to; null or missing where there is none. */
  readonly base?: string | null;
  /** The summary, one line. */
  readonly summary: string;
}

/** A check that is no rule: its id, and what it finds. */
export interface Check {
  readonly id: string;
  readonly summary: string;
}

/** A cover letter, and what the series does as a whole: paragraphs, each a list of lines. */
export interface CoverReport {
  readonly mail: Pick<ReportedPatch, 'subject' | 'author' | 'body' | 'messageId' | 'envelope'>;
  readonly parts: readonly (readonly string[])[];
}

interface KnownPart {
  readonly unchanged: readonly { readonly finding: Finding; readonly reason: string }[];
  readonly fixed: readonly FixedFinding[];
}

/** A finding and the group that it belongs to. */
export interface GroupedFinding {
  readonly finding: Finding;
  readonly group: FindingGroup;
}

/** All findings in order, the old ones last; the message names the patch, and no two have the same fingerprint. */
export function labelledFindings(report: RunReport): readonly GroupedFinding[] {
  const times = new Map<string, number>();
  return allGroups(report).flatMap((group) =>
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
 * The findings for b4, which asks about one patch at a time: what a later patch fixes (`bisect-hazard`) is left out, and an
 * old error is a warning, since b4 fails a patch for an error.
 */
export function ofAskedPatch(report: RunReport): readonly Finding[] {
  return allGroups(report).flatMap(({ findings, isOld }) =>
    findings
      .filter(({ rule }) => rule !== 'bisect-hazard')
      .map((finding) =>
        isOld ? { ...finding, severity: withoutErrors[finding.severity], message: old(finding) } : finding,
      ),
  );
}

const withoutErrors = { error: 'warning', warning: 'warning', note: 'note' } as const;

function allGroups({ groups, old }: RunReport): readonly FindingGroup[] {
  return old ? [...groups, old] : groups;
}

function old({ message }: Finding): string {
  return `not new: ${message}`;
}

function labelled(message: string, { patch, isOld }: FindingGroup): string {
  if (isOld) return `${message} (before the series)`;
  return patch ? `${message} (patch ${patch.label})` : message;
}

/** A finding that one patch removes and a later one adds again occurs twice; programs that count need two fingerprints. */
function unique(fingerprint: string, time: number): string {
  return time === 0 ? fingerprint : `${fingerprint}-${time}`;
}

/** What was not analysed, of all groups; the reason names the patch. */
export function gapsOf({ groups }: RunReport): readonly NotAnalysed[] {
  return groups.flatMap((group) => group.notAnalysed.map((gap) => ({ ...gap, reason: labelled(gap.reason, group) })));
}

/** The message of a gap, as `not analysed (name()): reason`. */
export function gapMessage({ function: name, reason }: NotAnalysed): string {
  return `not analysed${name ? ` (${name}())` : ''}: ${reason}`;
}
