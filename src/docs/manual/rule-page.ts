import type { Root, RootContent } from 'mdast';
import { heading, paragraph, table, text } from '../nodes.js';
import { type RuleEntry, summaryOf } from './rule-summary.js';

/** The page of a rule for people: its Markdown, with severity and group below the title. */
export function rulePageTree({ rule, page }: RuleEntry): Root {
  const [title, ...rest] = page.root.children.map(withoutOptions);
  const facts = paragraph(`Severity: ${rule.severity}. Group: ${rule.group}.`);
  return { type: 'root', children: title ? [title, facts, ...rest] : [facts] };
}

/** Drops the words after a fence, which only the tests use. */
function withoutOptions(node: RootContent): RootContent {
  return node.type === 'code' && (node.lang === 'c' || node.lang === 'diff') ? { ...node, meta: null } : node;
}

/** The index of all rule pages: a table that links to them. */
export function ruleIndexTree(entries: readonly RuleEntry[]): Root {
  const rows = entries.map(({ rule, page }) => [
    [{ type: 'link' as const, url: `${rule.id}.md`, children: [text(rule.id)] }],
    rule.severity,
    rule.group,
    summaryOf(page),
  ]);
  return {
    type: 'root',
    children: [heading(1, 'Rules'), table([['rule', 'severity', 'group', 'what it finds'], ...rows])],
  };
}
