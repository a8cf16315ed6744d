import type { Config } from '../config/config.js';
import { type Finding, fingerprintOf } from '../finding.js';
import type { ChangeReport, ChangeRule, Rule } from '../rule.js';
import type { AddedSuppression } from './added.js';

/**
 * Runs the rules about a change that the configuration does not switch off.
 * @param textOf the text of a file with the change
 */
export function runChangeRules(
  added: readonly AddedSuppression[],
  rules: readonly Rule[],
  config: Config,
  textOf: (path: string) => string | undefined,
): readonly Finding[] {
  if (added.length === 0) return [];
  const toFinding = findingMaker(config, textOf);
  return rules
    .filter((rule): rule is ChangeRule => rule.checks === 'change' && config.rules[rule.id] !== 'off')
    .flatMap((rule) => [...rule.check(added)].map((report) => toFinding(rule, report)));
}

function findingMaker(
  config: Config,
  textOf: (path: string) => string | undefined,
): (rule: ChangeRule, report: ChangeReport) => Finding {
  const occurrences = new Map<string, number>();
  const lines = new Map<string, readonly string[]>();
  const linesOf = (path: string): readonly string[] => {
    const known = lines.get(path) ?? (textOf(path) ?? '').split('\n');
    lines.set(path, known);
    return known;
  };
  return (rule, { path, line, column, subject, confidence, message, brief, trace }) => {
    const sourceLine = (linesOf(path)[line - 1] ?? '').trim().replace(/\s+/g, ' ').slice(0, mostOfLine);
    const key = [rule.id, path, subject, sourceLine].join('\0');
    const occurrence = occurrences.get(key) ?? 0;
    occurrences.set(key, occurrence + 1);
    const mark = { subject, sourceLine, occurrence };
    const setting = config.rules[rule.id];
    return {
      rule: rule.id,
      severity: setting && setting !== 'off' ? setting : rule.severity,
      confidence,
      file: path,
      line,
      column,
      message,
      ...(brief === undefined ? {} : { brief }),
      trace,
      fingerprint: fingerprintOf(rule.id, path, mark),
      mark,
    };
  };
}

/** The number of characters of a line that make a finding known again. */
const mostOfLine = 500;
