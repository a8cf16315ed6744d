import type { Root, RootContent } from 'mdast';
import type { Rule, RulePage } from '../../lint/index.js';
import { heading, paragraph, table } from '../nodes.js';
import { summaryOf } from './rule-summary.js';

/** A rule and what is written on it. */
export interface RuleEntry {
  readonly rule: Rule;
  readonly page: RulePage;
}

/** A rule's page for people: severity and group stand under the title. */
export function rulePageTree({ rule, page }: RuleEntry): Root {
  const [title, ...rest] = page.root.children.map(withoutOptions);
  const facts = paragraph(`Severity: ${rule.severity}. Group: ${rule.group}.`);
  return { type: 'root', children: title ? [title, facts, ...rest] : [facts] };
}

/** The fence words that only the tests need are left out of what people read. */
function withoutOptions(node: RootContent): RootContent {
  return node.type === 'code' && (node.lang === 'c' || node.lang === 'diff') ? { ...node, meta: null } : node;
}

/** The index of all rule pages. */
export function ruleIndexTree(entries: readonly RuleEntry[]): Root {
  const rows = entries.map(({ rule, page }) => [
    [{ type: 'link' as const, url: `${rule.id}.md`, children: [{ type: 'text' as const, value: rule.id }] }],
    rule.severity,
    rule.group,
    summaryOf(page),
  ]);
  return {
    type: 'root',
    children: [heading(1, 'Rules'), table([['rule', 'severity', 'group', 'what it finds'], ...rows])],
  };
}
