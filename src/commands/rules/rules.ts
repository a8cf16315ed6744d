import { rules } from '../../../rules/index.js';
import { readRulePage } from '../../lint/rule-page.js';
import { formatJsonText } from '../../report/formats/json-text.js';
import type { Terminal } from '../cli/terminal.js';

export interface RulesOptions {
  readonly format: 'text' | 'json';
}

/** `dmabuf-lint rules`: one line a rule, or all that is known of each as JSON. @returns the exit code */
export function listRules({ format }: RulesOptions, terminal: Terminal): number {
  if (format === 'json') {
    terminal.write(formatJsonText({ version: 1, rules: rules.map(ruleData) }));
    return 0;
  }
  const width = Math.max(...rules.map((rule) => rule.id.length));
  const groupWidth = Math.max(...rules.map((rule) => rule.group.length));
  for (const rule of rules) {
    const { summary } = readRulePage(rule.id);
    terminal.write(
      `${rule.id.padEnd(width)}  ${rule.severity.padEnd(7)}  ${rule.group.padEnd(groupWidth)}  ${summary}\n`,
    );
  }
  return 0;
}

function ruleData({ id, severity, group, scope, checks, hasFixes = false }: (typeof rules)[number]) {
  return { id, severity, group, scope, checks, fixable: hasFixes, summary: readRulePage(id).summary };
}
