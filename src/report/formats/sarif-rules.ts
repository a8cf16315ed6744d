import type { ReportingDescriptor } from 'sarif';
import type { Rule, RulePage } from '../../lint/index.js';

/** A rule as SARIF describes it; the rule's page is the help text. */
export function sarifRule(rule: Rule, page: RulePage): ReportingDescriptor {
  return {
    id: rule.id,
    name: pascalCase(rule.id),
    shortDescription: { text: page.summary },
    fullDescription: { text: page.summary },
    help: { text: page.summary, markdown: helpOf(page) },
    defaultConfiguration: { level: rule.severity },
    properties: { tags: ['dma-buf', rule.group] },
  };
}

/** The page without its title, and without the words after a fence, which only the tests use. */
function helpOf({ markdown }: RulePage): string {
  return markdown
    .replace(/^# .*\n+/, '')
    .replace(/^(```(?:c|diff)) .*$/gm, '$1')
    .trimEnd();
}

function pascalCase(id: string): string {
  return id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
