import type { Finding } from '../../lint/index.js';
import type { FindingGroup, RunReport } from '../../report/run-report.js';

/** A report in which everything from outside has this name: file, function, message, reason, subject, author. */
export function reportOf(name: string): RunReport {
  const mark = { subject: name, sourceLine: name, occurrence: 0 };
  const finding: Finding = {
    rule: 'pin-leak',
    severity: 'error',
    confidence: 'high',
    file: name,
    line: 1,
    column: 1,
    message: `pin by ${name}() is lost`,
    trace: [{ file: name, line: 1, message: `${name}() pins` }],
    fingerprint: '0'.repeat(32),
    mark,
  };
  const group: FindingGroup = {
    patch: {
      label: '1/1',
      subject: name,
      author: name,
      body: name,
      messageId: name,
      envelope: null,
      diff: null,
    },
    findings: [finding],
    notAnalysed: [{ file: name, line: 1, function: name, reason: `'${name}' cannot be parsed` }],
    textOf: () => `${name}\n`,
    isChanged: () => false,
  };
  return {
    command: 'series',
    subject: 'linux 7.3.4',
    revision: null,
    repository: null,
    groups: [group],
    inventory: null,
    suppressed: [{ finding, reason: name, place: { file: name, line: 1, column: 1, function: name } }],
    known: null,
    summary: `1 patch: ${name.length} characters`,
  };
}
