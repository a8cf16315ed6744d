import { rules } from '../../../rules/index.js';
import { terminalCompiler } from '../../docs/compile/terminal.js';
import { rulePageTree } from '../../docs/manual/rule-page.js';
import { ConfigError, suggestion } from '../../lint/config/config.js';
import { readRulePage } from '../../lint/rule-page.js';
import { coloursFor } from '../../report/text/colour.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import type { Terminal } from '../cli/terminal.js';
import { ruleIdOf } from './rule-id.js';

/** Longer lines are hard to read. */
const widest = 100;

/**
 * `dmabuf-lint explain <rule>`: the rule's page, for reading in a terminal.
 * @returns the exit code
 * @throws ConfigError where there is no such rule
 */
export function explainRule(name: string, terminal: Terminal): number {
  const id = ruleIdOf(name);
  const rule = rules.find((candidate) => candidate.id === id);
  if (!rule)
    throw new ConfigError(
      `unknown rule '${name}'${suggestion(
        id,
        rules.map((candidate) => candidate.id),
      )}`,
    );
  const compile = terminalCompiler({ bold: coloursFor(terminal.hasColour).bold, plain: escapeForTerminal });
  terminal.write(compile(rulePageTree({ rule, page: readRulePage(id) }), Math.min(terminal.columns, widest)));
  return 0;
}
