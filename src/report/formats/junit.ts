import { deceptiveCharacters } from '../../base/visible.js';
import type { NotAnalysed } from '../../contract/index.js';
import { type Finding, failsRun, type RuleGroup, type Severity, type SuppressedFinding } from '../../lint/index.js';
import { gapMessage, gapsOf, labelledFindings, type RunReport } from '../run-report.js';

/** Which rules ran, and the least severity that fails a test. */
interface JunitOptions {
  readonly rules: readonly { readonly id: string; readonly group: RuleGroup }[];
  readonly failOn: Severity;
}

/** Whether a finding fails its test. */
type Fails = (finding: Finding) => boolean;

/** An importer, an exporter, or whatever else a finding is about. */
interface Subject {
  readonly name: string;
  readonly file: string;
}

type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped'; readonly message: string }
  | { readonly kind: 'found'; readonly findings: readonly Finding[] };

interface TestCase {
  readonly subject: Subject;
  readonly outcome: Outcome;
}

/**
 * Formats a report as JUnit XML, which CI systems show as tests. Each rule is a suite; each importer or exporter that the
 * rule checks, and each other thing that it reports, is a case. Findings below the failing severity are output of a test
 * that passes. Source: the schema that Jenkins' xunit plugin publishes.
 */
export function formatJunit(report: RunReport, { rules, failOn }: JunitOptions): string {
  const labelled = labelledFindings(report);
  const findings = labelled.map(({ finding }) => finding);
  const old = new Set(labelled.flatMap(({ finding, group }) => (group.isOld ? [finding] : [])));
  const fails: Fails = (finding) => !old.has(finding) && failsRun(finding, failOn);
  const gaps = gapsOf(report);
  const suites = [
    ...rules.map(({ id, group }) => {
      const own = findings.filter(({ rule }) => rule === id);
      const suppressed = report.suppressed.filter(({ finding }) => finding.rule === id);
      return suite(id, casesOf(subjectsOf(report, group), own, suppressed, gaps), fails);
    }),
    ...(gaps.length > 0 ? [suite('not-analysed', gaps.map(gapCase), fails)] : []),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="dmabuf-lint">\n${suites.join('')}</testsuites>\n`;
}

/** The importers and exporters that the rules of a group check. */
function subjectsOf({ inventory }: RunReport, group: RuleGroup): readonly Subject[] {
  if (!inventory || group === 'series' || group === 'suppression') return [];
  const importers = inventory.importers.map(({ ops, file }) => ({ name: ops, file }));
  const exporters = inventory.exporters.map(({ ops, file }) => ({ name: ops, file }));
  if (group === 'importer') return importers;
  return group === 'exporter' ? exporters : [...importers, ...exporters];
}

function casesOf(
  subjects: readonly Subject[],
  findings: readonly Finding[],
  suppressed: readonly SuppressedFinding[],
  gaps: readonly NotAnalysed[],
): readonly TestCase[] {
  const all = new Map(
    [...subjects, ...findings.map(subjectOf), ...suppressed.map(({ finding }) => subjectOf(finding))].map((subject) => [
      keyOf(subject),
      subject,
    ]),
  );
  return [...all].map(([key, subject]) => ({ subject, outcome: outcomeOf(key, subject) }));

  function outcomeOf(key: string, { file }: Subject): Outcome {
    const own = findings.filter((finding) => keyOf(subjectOf(finding)) === key);
    if (own.length > 0) return { kind: 'found', findings: own };
    const suppression = suppressed.find(({ finding }) => keyOf(subjectOf(finding)) === key);
    if (suppression) return { kind: 'skipped', message: `suppressed: ${suppression.reason}` };
    // Part of the file was not analysed: that the rule found nothing proves nothing.
    const gap = gaps.find((one) => one.file === file);
    return gap ? { kind: 'skipped', message: gapMessage(gap) } : { kind: 'passed' };
  }
}

function subjectOf({ mark, file, line }: Finding): Subject {
  return { name: mark.subject || `line ${line}`, file };
}

function keyOf({ name, file }: Subject): string {
  return `${file}\0${name}`;
}

function gapCase(gap: NotAnalysed): TestCase {
  const subject = { name: gap.function ?? `line ${gap.line ?? 1}`, file: gap.file };
  return { subject, outcome: { kind: 'skipped', message: gapMessage(gap) } };
}

function suite(name: string, cases: readonly TestCase[], fails: Fails): string {
  const skipped = cases.filter(({ outcome }) => outcome.kind === 'skipped').length;
  const failed = cases.filter(({ outcome }) => failuresOf(outcome, fails).length > 0).length;
  const counts = `tests="${cases.length}" failures="${failed}" errors="0" skipped="${skipped}"`;
  const body = cases.map((one) => testCase(one, fails)).join('');
  return `  <testsuite name="${escapeXml(name)}" ${counts}>\n${body}  </testsuite>\n`;
}

function failuresOf(outcome: Outcome, fails: Fails): readonly Finding[] {
  return outcome.kind === 'found' ? outcome.findings.filter(fails) : [];
}

function testCase({ subject, outcome }: TestCase, fails: Fails): string {
  const open = `    <testcase name="${escapeXml(subject.name)}" classname="${escapeXml(subject.file)}"`;
  if (outcome.kind === 'passed') return `${open}/>\n`;
  if (outcome.kind === 'skipped')
    return `${open}>\n      <skipped>${escapeXml(outcome.message)}</skipped>\n    </testcase>\n`;
  const failures = failuresOf(outcome, fails);
  const others = outcome.findings.filter((finding) => !failures.includes(finding));
  const failed = failures.map(
    (finding) =>
      `      <failure type="${finding.severity}" message="${escapeXml(finding.message)}">${escapeXml(account(finding))}</failure>\n`,
  );
  const output =
    others.length > 0 ? [`      <system-out>${escapeXml(others.map(account).join('\n'))}</system-out>\n`] : [];
  return `${open}>\n${[...failed, ...output].join('')}    </testcase>\n`;
}

/** A finding and the steps of its trace, one line each. */
function account({ file, line, column, severity, message, trace }: Finding): string {
  const steps = trace.map((step) => `${step.file}:${step.line}: note: ${step.message}`);
  return [`${file}:${line}:${column}: ${severity}: ${message}`, ...steps].join('\n');
}

const reference = (character: string): string => `&#${character.charCodeAt(0)};`;

const unsafe = new RegExp(String.raw`[\n\r\t${deceptiveCharacters}]`, 'g');

/**
 * Escapes text for XML 1.0. Characters that XML forbids become U+FFFD; those that a terminal obeys, or that change the
 * direction of writing, become references.
 */
function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]/gu, '\ufffd')
      .replace(/[&<>"]/g, reference)
      .replace(unsafe, reference)
  );
}
