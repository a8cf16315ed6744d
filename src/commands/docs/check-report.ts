import type { Conflict, Stale } from '../../docs/changes.js';
import { type Finding, fingerprintOf } from '../../lint/index.js';
import type { Check, RunReport } from '../../report/run-report.js';
import { countOf } from '../../report/text/count.js';

/** The id of a text by somebody else that contradicts the contract. */
export const conflictId = 'documentation-conflict';

/** What `docs --check` looks for. */
const checks: readonly Check[] = [
  { id: 'semantics-undocumented', summary: "The tree's kernel-doc does not say what happens to pinned importers." },
  { id: 'stale-name-in-comment', summary: 'A comment or a page has a name that the API no longer has.' },
  { id: 'stale-documentation', summary: 'A comment or a page lacks a statement of the contract.' },
  { id: 'stale-table', summary: 'A table of importers or exporters is not that of the tree.' },
  { id: conflictId, summary: 'A text by somebody else contradicts the contract.' },
] satisfies readonly { readonly id: Stale['kind'] | typeof conflictId; readonly summary: string }[];

/** What is wrong with the documentation. */
export interface Staleness {
  readonly stale: readonly Stale[];
  readonly conflicts: readonly Conflict[];
}

/**
 * Turns what is stale into a report, for the formats of other programs.
 * @param subject the kernel, as `linux 7.3.4`
 * @param textOf the text of a file of the tree
 */
export function checkReport(
  { stale, conflicts }: Staleness,
  { subject, textOf }: { readonly subject: string; textOf(path: string): string | undefined },
): RunReport {
  const findings = [...conflicts.map(conflictFinding), ...stale.map(staleFinding)];
  return {
    command: 'docs',
    checks,
    subject,
    revision: null,
    repository: null,
    groups: [{ patch: null, findings: counted(findings), notAnalysed: [], textOf, isChanged: () => false }],
    inventory: null,
    suppressed: [],
    known: null,
    summary: `${stale.length} stale, ${countOf(conflicts.length, 'conflict')}`,
  };
}

/** What is said of a conflict. */
export function conflictMessage(subject: string): string {
  return `the text on ${subject} contradicts the contract and is left unchanged: resolve it by hand`;
}

function staleFinding({ path, line, kind, message, isMended }: Stale): Finding {
  const whole = isMended ? message : `${message}: correct it by hand`;
  return finding({ rule: kind, severity: 'warning', path, line, subject: message, message: whole });
}

function conflictFinding({ path, line, subject, theirs, ours }: Conflict): Finding {
  const trace = [`the text says: ${theirs}`, `the contract says: ${ours}`].map((message) => ({
    file: path,
    line,
    message,
  }));
  const message = conflictMessage(subject);
  return { ...finding({ rule: conflictId, severity: 'error', path, line, subject, message }), trace };
}

function finding({
  path,
  subject,
  ...said
}: Pick<Finding, 'rule' | 'severity' | 'line' | 'message'> & {
  readonly path: string;
  readonly subject: string;
}): Finding {
  const mark = { subject, sourceLine: '', occurrence: 0 };
  return {
    ...said,
    file: path,
    column: 1,
    confidence: 'high',
    trace: [],
    mark,
    fingerprint: fingerprintOf(said.rule, path, mark),
  };
}

/** Gives findings that are otherwise alike different fingerprints. */
function counted(findings: readonly Finding[]): readonly Finding[] {
  const times = new Map<string, number>();
  return findings.map((one) => {
    const occurrence = times.get(one.fingerprint) ?? 0;
    times.set(one.fingerprint, occurrence + 1);
    if (occurrence === 0) return one;
    const mark = { ...one.mark, occurrence };
    return { ...one, mark, fingerprint: fingerprintOf(one.rule, one.file, mark) };
  });
}
