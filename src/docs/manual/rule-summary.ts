import type { PhrasingContent, RootContent } from 'mdast';
import type { RuleGroup, RulePage } from '../../lint/index.js';
import { heading, table } from '../nodes.js';
import type { RuleEntry } from './rule-page.js';

/** The first paragraph of a rule's page, with what is marked in it, on one line. */
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

/** What `::rules` stands for: the rules with severity and summary, group by group. */
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
  return [
    { type: 'inlineCode', value: rule.id },
    { type: 'text', value: ` (${rule.severity})` },
  ];
}
