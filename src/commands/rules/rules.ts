import { rules } from '../../../rules/index.js';
import { readRulePage } from '../../lint/rule-page.js';
import type { Terminal } from '../cli/terminal.js';

/** `dmabuf-lint rules`: one line a rule. @returns the exit code */
export function listRules(terminal: Terminal): number {
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
