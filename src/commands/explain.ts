import { rules } from '../../rules/index.js';
import { ConfigError, suggestion } from '../lint/index.js';
import { readRulePage } from '../lint/rule-page.js';
import { pageText } from '../report/page.js';
import type { Terminal } from './terminal.js';

/**
 * `dmabuf-lint explain <rule>`: the rule's page, for reading in a terminal.
 * @returns the exit code
 * @throws ConfigError where there is no such rule
 */
export function explainRule(id: string, terminal: Terminal): number {
  const rule = rules.find((candidate) => candidate.id === id);
  if (!rule)
    throw new ConfigError(
      `unknown rule '${id}'${suggestion(
        id,
        rules.map((candidate) => candidate.id),
      )}`,
    );
  terminal.write(pageText(readRulePage(id), rule, terminal.hasColour));
  return 0;
}
