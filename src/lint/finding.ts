import { createHash } from 'node:crypto';
import { compareText } from '../base/compare-text.js';
import type { TraceStep } from '../contract/index.js';

/** How bad a finding is. */
export type Severity = 'error' | 'warning' | 'note';
/** How sure the analysis is: `low` means that code it could not follow may make the finding wrong. */
export type Confidence = 'high' | 'medium' | 'low';

/** All severities, the worst first. */
export const severities: readonly Severity[] = ['error', 'warning', 'note'];

/** A reported problem, with the trace that proves it. Lines and columns are 1-based. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The message for a reader who has room for a few words only; missing where the beginning of the message serves. */
  readonly brief?: string;
  readonly trace: readonly TraceStep[];
  /** Identifies the finding; it does not change when lines move. */
  readonly fingerprint: string;
  /** What the fingerprint is made of besides rule and file: it recognises a finding in a renamed file. */
  readonly mark: FindingMark;
}

/** What distinguishes a finding from others of its rule in its file. */
export interface FindingMark {
  /** What the finding is about: the name of an ops table or of a function. */
  readonly subject: string;
  /** The source line of the finding, with white space folded. */
  readonly sourceLine: string;
  /** Counts findings that are otherwise equal, from 0. */
  readonly occurrence: number;
}

/** Computes the fingerprint of a finding: 32 hexadecimal digits. */
export function fingerprintOf(rule: string, file: string, { subject, sourceLine, occurrence }: FindingMark): string {
  const text = [rule, file, subject, sourceLine, occurrence].join('\0');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The next lower severity; a note stays a note. */
export function oneLower(severity: Severity): Severity {
  return severity === 'error' ? 'warning' : 'note';
}

/** Whether a severity is at least as bad as another. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(threshold);
}

/** Rules whose warnings fail every run: a change that hides findings is never clean. */
const neverClean: ReadonlySet<string> = new Set(['suppression-added']);

/** Whether a finding fails a run. @param failOn the least severity that the user wants to fail it */
export function failsRun({ rule, severity }: Pick<Finding, 'rule' | 'severity'>, failOn: Severity): boolean {
  return isAtLeast(severity, failOn) || (neverClean.has(rule) && isAtLeast(severity, 'warning'));
}

/** The order in which findings are listed: by file, line, column, rule, message. */
export function compareFindings(left: Finding, right: Finding): number {
  return (
    compareText(left.file, right.file) ||
    left.line - right.line ||
    left.column - right.column ||
    compareText(left.rule, right.rule) ||
    compareText(left.message, right.message)
  );
}
