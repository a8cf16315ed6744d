import type { Finding } from '../../lint/index.js';

/** Findings without their line numbers. */
export function findingKinds({
  findings,
}: {
  readonly findings: readonly Pick<Finding, 'rule' | 'file' | 'message'>[];
}) {
  return findings.map(({ rule, file, message }) => `${file} ${rule} ${message.replace(/line \d+/g, 'line')}`).sort();
}
