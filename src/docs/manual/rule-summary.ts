import type { PhrasingContent, RootContent } from 'mdast';
import type { Rule, RuleGroup, RulePage } from '../../lint/index.js';
import { code, heading, table, text } from '../nodes.js';

/** A rule and its page. */
export interface RuleEntry {
  readonly rule: Rule;
  readonly page: RulePage;
}

/** The summary of a rule: the first paragraph of its page, with its markup, on one line. */
export function summaryOf(page: RulePage): readonly PhrasingContent[] {
  const first = page.root.children.find((node) => node.type === 'paragraph');
  return (first?.children ?? []).map((node) =>
    node.type === 'text' || node.type === 'inlineCode' ? { ...node, value: node.value.replace(/\s+/g, ' ') } : node,
  );
}

const groupTitles: Readonly<Record<RuleGroup, string>> = {
  importer: 'Importers',
  locking: 'Locking',
  exporter: 'Exporters',
  api: 'API and documentation',
  series: 'Patch series',
  suppression: 'Suppressions',
};

/** The rules of the man page (`::rules`), group by group: id, severity, summary. */
export function ruleSummaries(entries: readonly RuleEntry[]): readonly RootContent[] {
  const groups = [...new Set(entries.map(({ rule }) => rule.group))];
  return groups.flatMap((group) => [
    heading(3, groupTitles[group]),
    table([
      ['rule', 'what it finds'],
      ...entries.filter(({ rule }) => rule.group === group).map((entry) => [nameOf(entry), summaryOf(entry.page)]),
    ]),
  ]);
}

function nameOf({ rule }: RuleEntry): readonly PhrasingContent[] {
  return [code(rule.id), text(` (${rule.severity})`)];
}
