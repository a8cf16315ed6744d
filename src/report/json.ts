import { byPlace, inventoryOf } from '../contract/index.js';
import type { Finding, Result } from '../lint/index.js';

/** The machine-readable result, version 1, as one line of JSON text. All other formats derive from the same Result. */
export function formatJson(result: Result): string {
  return `${JSON.stringify(jsonResult(result), null, 2)}\n`;
}

/** The machine-readable result as plain data. */
export function jsonResult(result: Result) {
  const { contract, findings, known, revision, stats } = result;
  return {
    version: 1,
    tree: { kernelVersion: contract.kernelVersion, revision },
    ...inventoryOf(contract),
    findings: findings.map(jsonFinding),
    // Only where old findings were to be left out.
    ...(known ? { unchanged: known.unchanged.length, fixed: known.fixed } : {}),
    notAnalysed: [...contract.notAnalysed].sort(byPlace),
    stats: { ...stats },
  };
}

/** A finding as it is published. */
export function jsonFinding({ rule, severity, confidence, file, line, column, message, trace, fingerprint }: Finding) {
  return { rule, severity, confidence, file, line, column, message, trace, fingerprint };
}
