import { byPlace } from '../../contract/by-place.js';
import type { Finding, ScanOutcome } from '../../lint/index.js';
import { formatJsonText } from './json-text.js';

/** Formats a scan as the machine-readable result, version 1, as JSON text. */
export function formatJson(outcome: ScanOutcome): string {
  return formatJsonText(jsonResult(outcome));
}

/** The machine-readable result, version 1, as plain data. */
export function jsonResult({ facts, findings, known, oldGaps, revision, milliseconds }: ScanOutcome) {
  return {
    version: 1,
    tree: { kernelVersion: facts.kernelVersion, revision },
    ...facts.inventory,
    findings: findings.map(jsonFinding),
    // Only if the run compares with a baseline or a revision.
    ...(known ? { unchanged: known.unchanged.length, fixed: known.fixed } : {}),
    notAnalysed: [...facts.notAnalysed].sort(byPlace),
    // Only if the run compares with a revision: then the list holds what is new.
    ...(oldGaps === undefined ? {} : { notAnalysedBefore: oldGaps }),
    stats: { ...facts.stats, milliseconds },
  };
}

/** The part of a finding that the JSON formats publish. */
export function jsonFinding({ rule, severity, confidence, file, line, column, message, trace, fingerprint }: Finding) {
  const steps = trace.map((step) => ({ file: step.file, line: step.line, message: step.message }));
  return { rule, severity, confidence, file, line, column, message, trace: steps, fingerprint };
}
