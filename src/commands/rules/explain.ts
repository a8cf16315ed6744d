import { rules } from '../../../rules/index.js';
import { terminalCompiler } from '../../docs/compile/terminal.js';
import { briefPageTree } from '../../docs/manual/brief-page.js';
import { rulePageTree } from '../../docs/manual/rule-page.js';
import { ConfigError, suggestion } from '../../lint/config/config.js';
import { readRulePage } from '../../lint/rule-page.js';
import { coloursFor } from '../../report/text/colour.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import type { Terminal } from '../cli/terminal.js';
import { ruleIdOf } from './rule-id.js';

/** Longer lines are hard to read. */
const widest = 100;

export interface ExplainOptions {
  /** Whether to print whole examples, and what the rule does not see. */
  readonly full: boolean;
}

/**
 * `dmabuf-lint explain <rule>`: the rule's page, for reading in a terminal; in short, or with `--full` as a whole.
 * @returns the exit code
 * @throws ConfigError where there is no such rule
 */
export function explainRule(name: string, { full }: ExplainOptions, terminal: Terminal): number {
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
  const entry = { rule, page: readRulePage(id) };
  const page = full ? rulePageTree(entry) : briefPageTree(entry);
  terminal.write(compile(page, Math.min(terminal.columns, widest)));
  return 0;
}
