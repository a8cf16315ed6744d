import { rules } from '../../../rules/index.js';
import { readRulePage } from '../../lint/rule-page.js';
import { formatJsonText } from '../../report/formats/json-text.js';
import { fitted } from '../../report/text/wrap.js';
import { columnsOf, type Terminal } from '../cli/terminal.js';

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
  const rows = rules.map(({ id, severity, group }) => ({
    head: `${id.padEnd(width)}  ${severity.padEnd(7)}  ${group.padEnd(groupWidth)}`,
    summary: readRulePage(id).summary,
  }));
  const columns = columnsOf(terminal);
  const isTable = columns === null || rows.every(({ head, summary }) => head.length + 2 + summary.length <= columns);
  const shown = rows.map(({ head, summary }) =>
    isTable ? `${head}  ${summary}\n` : `${head.trimEnd()}\n${fitted(`  ${summary}`, columns)}\n`,
  );
  terminal.write(shown.join(''));
  return 0;
}

function ruleData({ id, severity, group, scope, checks, hasFixes = false }: (typeof rules)[number]) {
  return { id, severity, group, scope, checks, fixable: hasFixes, summary: readRulePage(id).summary };
}
