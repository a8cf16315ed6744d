import { ConfigError, suggestion } from '../../../lint/config/config.js';
import { isAtLeast, type Severity } from '../../../lint/finding.js';
import type { Finding } from '../../../lint/index.js';
import { ruleIdOf } from '../../rules/rule-id.js';

/** The options that choose among findings. */
export interface FindingOptions {
  readonly rule?: readonly string[];
  readonly severity?: Severity;
}

/** Which findings the user wants to see. @throws ConfigError for a rule that there is not */
export async function wantedFindings({ rule, severity }: FindingOptions): Promise<(finding: Finding) => boolean> {
  const rules = rule && (await idsOf(rule));
  return (finding) => (!rules || rules.has(finding.rule)) && (!severity || isAtLeast(finding.severity, severity));
}

async function idsOf(names: readonly string[]): Promise<ReadonlySet<string>> {
  // With the list of rules comes everything.
  const { rules } = await import('../../../../rules/index.js');
  const ids = rules.map(({ id }) => id);
  const found = names.map((name) => {
    const id = ruleIdOf(name);
    if (!ids.includes(id)) throw new ConfigError(`unknown rule '${name}'${suggestion(name, ids)}`);
    return id;
  });
  return new Set(found);
}
