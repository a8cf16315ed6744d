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
}

/** The next lower severity; a note stays one. */
export function oneLower(severity: Severity): Severity {
  return severity === 'error' ? 'warning' : 'note';
}

/** Whether a severity is at least as bad as another. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(threshold);
}
