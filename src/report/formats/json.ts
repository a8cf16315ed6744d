import { byPlace } from '../../contract/by-place.js';
import type { Finding, ScanOutcome } from '../../lint/index.js';
import { formatJsonText } from './json-text.js';

/** The machine-readable result, version 1, as one line of JSON text. All other formats derive from the same outcome. */
export function formatJson(outcome: ScanOutcome): string {
  return formatJsonText(jsonResult(outcome));
}

/** The machine-readable result as plain data. */
export function jsonResult({ facts, findings, known, revision, milliseconds }: ScanOutcome) {
  return {
    version: 1,
    tree: { kernelVersion: facts.kernelVersion, revision },
    ...facts.inventory,
    findings: findings.map(jsonFinding),
    // Only where old findings were to be left out.
    ...(known ? { unchanged: known.unchanged.length, fixed: known.fixed } : {}),
    notAnalysed: [...facts.notAnalysed].sort(byPlace),
    stats: { ...facts.stats, milliseconds },
  };
}

/** A finding as it is published. */
export function jsonFinding({ rule, severity, confidence, file, line, column, message, trace, fingerprint }: Finding) {
  return { rule, severity, confidence, file, line, column, message, trace, fingerprint };
}
