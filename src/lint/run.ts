import { ofRule } from '../base/profile.js';
import { conditionAt, conditionsAt, positionAt } from '../c/index.js';
import { type Contract, type TraceStep, toldInNames } from '../contract/index.js';
import { isTestCode } from '../contract/test-code.js';
import { isRenamed } from '../input/tree/renamed.js';
import { asksForTestCode, asksOnlyConfiguration } from '../kernel/index.js';
import type { Config } from './config/config.js';
import { compareFindings, type Finding, fingerprintOf, isAtLeast, oneLower } from './finding.js';
import type { Fixes, FixProposal } from './fixing/fix.js';
import type { Report, Rule } from './rule.js';
import type { PlacedSuppression } from './suppression/placed-suppression.js';
import { applySuppressions, type SuppressedFinding } from './suppression/suppression.js';
import type { KnownRules } from './suppression/suppression-comments.js';

/** What the rules found. */
export interface RunOutcome {
  /** In the order file, line, column, rule, message: the same tree gives the same list. */
  readonly findings: readonly Finding[];
  /** Findings that a comment in the source suppresses; they are not in `findings`. */
  readonly suppressed: readonly SuppressedFinding[];
  /** All comments that suppress a rule, whether or not it has anything to report there. */
  readonly suppressions: readonly PlacedSuppression[];
  /** The proposed fixes, by finding. */
  readonly fixes: Fixes;
}

/**
 * Runs the rules on the contract of a tree: first the rules about the contract, then those about suppression comments.
 * @param rules every rule there is. A comment may name a rule that the configuration switches off.
 */
export function runRules(contract: Contract, rules: readonly Rule[], config: Config): RunOutcome {
  const occurrences = new Map<string, number>();
  const fixes = new Map<Finding, () => FixProposal>();
  const toFindings = (rule: Rule, reports: Iterable<Report>): readonly Finding[] =>
    [...reports].map((report) => {
      const finding = toFinding(contract, rule, report, occurrences);
      if (report.fix) fixes.set(finding, inNames(contract.names, report.fix));
      return finding;
    });
  const running = withSettings(rules, config);
  const found = running
    .flatMap((rule) =>
      rule.checks === 'contract' ? ofRule(rule.id, () => toFindings(rule, rule.check(contract))) : [],
    )
    .sort(compareFindings);
  const { findings, suppressed, suppressions, review } = applySuppressions(
    contract,
    found,
    knownRules(rules),
    new Set(running.map((rule) => rule.id)),
  );
  const ofComments = running.flatMap((rule) =>
    rule.checks === 'suppressions' ? ofRule(rule.id, () => toFindings(rule, rule.check(review))) : [],
  );
  return {
    findings: [...findings, ...ofComments].sort(compareFindings),
    suppressed: suppressed.map((one) => ({ ...one, place: toldInNames(contract.names, one.place) })),
    suppressions: suppressions.map((one) => ({
      ...one,
      column: contract.names.columnOf(one.path, one.line, one.column),
    })),
    fixes,
  };
}

/** The rules that are not switched off, each with its configured severity. */
function withSettings(rules: readonly Rule[], config: Config): readonly Rule[] {
  return rules.flatMap((rule) => {
    const setting = config.rules[rule.id];
    return setting === 'off' ? [] : [{ ...rule, severity: setting ?? rule.severity }];
  });
}

function knownRules(rules: readonly Rule[]): KnownRules {
  const idsOf = (checks: Rule['checks']) => rules.filter((rule) => rule.checks === checks).map((rule) => rule.id);
  return {
    suppressible: idsOf('contract'),
    unsuppressible: [...idsOf('suppressions'), ...idsOf('change'), ...idsOf('series')],
  };
}

function toFinding(contract: Contract, rule: Rule, report: Report, occurrences: Map<string, number>): Finding {
  const { names } = contract;
  const file = contract.codebase.program.file(report.path);
  const document = file ? undefined : contract.documents.find(({ path }) => path === report.path);
  const text = file?.text ?? document?.text ?? '';
  const position = file ? positionAt(file.unit, report.at) : positionIn(document ?? { text }, report.at);
  const condition = file ? conditionAt(file.unit, report.at) : null;
  const conditions = file ? conditionsAt(file.unit, report.at) : [];
  const isForSomeKernels = conditions.some((one) => !asksOnlyConfiguration(one));
  const isTest = isTestCode(contract.codebase, report.path) || conditions.some((one) => asksForTestCode(one));
  const remarks = [
    condition && !isGuardOfFile(condition) ? `only under ${condition}` : null,
    isTest ? 'in test code' : null,
  ].filter((remark) => remark !== null);
  const line = sourceLine(text, report.at);
  const first = { subject: report.subject, sourceLine: line, occurrence: 0 };
  // A hash, since a line may be long, and may have a finding at every word.
  const key = fingerprintOf(rule.id, report.path, first);
  const occurrence = occurrences.get(key) ?? 0;
  occurrences.set(key, occurrence + 1);
  const severity = report.severity && isAtLeast(rule.severity, report.severity) ? report.severity : rule.severity;
  const part = isAboutWhole(rule) ? missingPart(contract, report) : null;
  const mark = occurrence === 0 ? first : { ...first, occurrence };
  return {
    rule: rule.id,
    severity: isTest ? oneLower(severity) : severity,
    confidence: part ? 'low' : isForSomeKernels && report.confidence === 'high' ? 'medium' : report.confidence,
    file: report.path,
    line: position.line,
    column: names.columnOf(report.path, position.line, position.column),
    message: names.told(remarks.length > 0 ? `${report.message} (${remarks.join(', ')})` : report.message),
    trace: toldInNames(names, part ? [...report.trace, part] : report.trace),
    fingerprint: occurrence === 0 ? key : fingerprintOf(rule.id, report.path, mark),
    mark,
  };
}

/** Whether findings of a rule rest on what the rest of a driver does not do: a wrong name is wrong by itself. */
function isAboutWhole({ group, scope }: Rule): boolean {
  return scope !== 'file' && group !== 'api';
}

/** What is missing of the drivers that a report is about, as a step of its trace; null where nothing is. */
function missingPart({ missing }: Contract, { path, trace }: Report): TraceStep | null {
  for (const file of [path, ...trace.map((step) => step.file)]) {
    const part = missing.around(file);
    if (part) return { file: part.file, line: part.line, message: part.message };
  }
  return null;
}

/** A fix in the tree's own words: its edits are for the text that people have. */
function inNames(names: Contract['names'], propose: () => FixProposal): () => FixProposal {
  if (!isRenamed(names)) return propose;
  return () => {
    const proposal = propose();
    if (proposal.kind === 'none') return toldInNames(names, proposal);
    return {
      ...toldInNames(names, proposal),
      edits: proposal.edits.map(({ path, start, end, text }) => ({
        path,
        start: names.offsetOf(path, start),
        end: names.offsetOf(path, end),
        text: names.told(text),
      })),
    };
  };
}

/** An include guard: every finding in the header is under it, so a message need not name it. */
function isGuardOfFile(condition: string): boolean {
  return /^#ifndef \w*_H_*$/i.test(condition);
}

/** The number of characters on each side of a finding that make its line known again: no line that people write has more. */
const mostOfLine = 500;

/** The source line at an offset with white space folded: moving or indenting the line does not change the fingerprint. */
function sourceLine(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - mostOfLine), at);
  const after = text.slice(at, at + mostOfLine);
  const end = after.indexOf('\n');
  return `${before.slice(before.lastIndexOf('\n') + 1)}${end < 0 ? after : after.slice(0, end)}`
    .trim()
    .replace(/\s+/g, ' ');
}

/** Where the lines of a document begin: many findings ask. */
const lineStarts = new WeakMap<object, readonly number[]>();

function positionIn(
  document: { readonly text: string },
  at: number,
): { readonly line: number; readonly column: number } {
  const starts = lineStarts.get(document) ?? startsOfLines(document.text);
  lineStarts.set(document, starts);
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
}

function startsOfLines(text: string): readonly number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}
