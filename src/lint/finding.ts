import { createHash } from 'node:crypto';
import type { TraceStep } from '../contract/index.js';

export type Severity = 'error' | 'warning' | 'note';
export type Confidence = 'high' | 'medium' | 'low';

/** Severities, the worst first. */
export const severities: readonly Severity[] = ['error', 'warning', 'note'];

/** Something that is wrong, with everything needed to believe it. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly trace: readonly TraceStep[];
  /** Stays the same when lines move. */
  readonly fingerprint: string;
  /** What the fingerprint is made of, rule and file apart: by it a finding is known again under another name. */
  readonly mark: FindingMark;
}

export interface FindingMark {
  /** What the finding is about: an ops table or a function. */
  readonly subject: string;
  /** The line that it stands on, white space folded. */
  readonly sourceLine: string;
  /** 0 for the first of several that are alike. */
  readonly occurrence: number;
}

/** The fingerprint of a finding: 32 hexadecimal digits. */
export function fingerprintOf(rule: string, file: string, { subject, sourceLine, occurrence }: FindingMark): string {
  const text = [rule, file, subject, sourceLine, occurrence].join('\0');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The next lower severity; a note stays one. */
export function oneLower(severity: Severity): Severity {
  return severity === 'error' ? 'warning' : 'note';
}

/** Whether a severity is at least as bad as another. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(threshold);
}
