import { severities } from '../../lint/finding.js';
import type { Finding, ScanOutcome } from '../../lint/index.js';
import type { Colours } from './colour.js';
import { countOf } from './count.js';
import { wrap } from './wrap.js';

/** The findings of one rule with one severity. */
interface Counted {
  readonly severity: Finding['severity'];
  readonly rule: string;
  readonly number: number;
  readonly fixable: number;
}

/**
 * What comes after the findings: how many of which rule, what `--fix` may mend, and where to read on.
 * @param columns how wide lines may be; null for any width
 * @returns one text, or none if there is no finding
 */
export function findingsSummary(
  { findings, facts }: ScanOutcome,
  colours: Colours,
  columns: number | null,
): readonly string[] {
  const [first] = findings;
  if (!first) return [];
  const fixable = new Set(facts.fixable);
  const rows = countedBy(findings, fixable);
  const width = Math.max(...rows.map(({ number }) => String(number).length));
  const lines = rows.map(
    ({ severity, rule, number, fixable: some }) =>
      `  ${severity.padEnd('warning'.length)}  ${String(number).padStart(width)}  ${rule}${some > 0 ? `  (${some} fixable)` : ''}`,
  );
  const all = rows.reduce((sum, row) => sum + row.fixable, 0);
  const hints = [
    ...(all > 0 ? [`${countOf(all, 'finding')} fixable with --fix, which proves each fix first`] : []),
    `what is wrong, why, and how to fix it: dmabuf-lint explain ${rows[0]?.rule}`,
  ];
  const shown = hints.flatMap((hint) => (columns === null ? [hint] : wrap(hint, columns, '    ')));
  return [`${colours.bold('findings')}\n${[...lines, ...shown].join('\n')}\n`];
}

function countedBy(findings: readonly Finding[], fixable: ReadonlySet<string>): readonly Counted[] {
  return severities.flatMap((severity) => {
    const own = findings.filter((finding) => finding.severity === severity);
    const rules = [...new Set(own.map(({ rule }) => rule))].sort();
    return rules.map((rule) => {
      const ofRule = own.filter((finding) => finding.rule === rule);
      const some = ofRule.filter(({ fingerprint }) => fixable.has(fingerprint));
      return { severity, rule, number: ofRule.length, fixable: some.length };
    });
  });
}
