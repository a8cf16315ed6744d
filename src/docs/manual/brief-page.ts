import type { Code, Root, RootContent } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import type { RulePage } from '../../lint/rule-page.js';
import { heading, paragraph, text } from '../nodes.js';
import { badExcerpt, goodExcerpt } from './excerpt.js';
import type { RuleEntry } from './rule-summary.js';

/** What a reader wants to know at once, in this order. */
const wanted: readonly string[] = ['What it checks', 'Why it matters', 'How to fix'];

/**
 * The page of a rule, short: what, why, how to fix, and ten lines each of a bad and of a good example. The rest is for
 * `rulePageTree()`.
 */
export function briefPageTree({ rule, page }: RuleEntry): Root {
  const [title, summary] = page.root.children;
  const facts = paragraph(`Severity: ${rule.severity}. Group: ${rule.group}.`);
  return {
    type: 'root',
    children: [
      ...(title ? [title] : []),
      facts,
      ...(summary ? [summary] : []),
      ...wanted.flatMap((name) => sectionOf(page, name)),
      ...examplesOf(page, rule.id),
      {
        type: 'paragraph',
        children: [
          text('Whole examples and known gaps: '),
          { type: 'inlineCode', value: `dmabuf-lint explain ${rule.id} --full` },
        ],
      },
    ],
  };
}

/** The heading of a section and all below it. */
function sectionOf({ root: { children } }: RulePage, name: string): readonly RootContent[] {
  const start = children.findIndex((node) => node.type === 'heading' && textOf(node) === name);
  if (start < 0) return [];
  const end = children.findIndex((node, index) => index > start && node.type === 'heading');
  return children.slice(start, end < 0 ? children.length : end);
}

function examplesOf(page: RulePage, id: string): readonly RootContent[] {
  const bad = page.examples.find(({ isBad }) => isBad);
  const good = page.examples.find(({ isBad }) => !isBad);
  return [
    ...(bad ? [heading(2, 'Bad'), ...leadOf(page, 'Bad'), codeOf(badExcerpt(bad.code, id))] : []),
    ...(good ? [heading(2, 'Good'), ...leadOf(page, 'Good'), codeOf(goodExcerpt(good.code, bad?.code ?? ''))] : []),
  ];
}

/** The sentence before the first example. */
function leadOf(page: RulePage, name: string): readonly RootContent[] {
  const [, first] = sectionOf(page, name);
  return first?.type === 'paragraph' ? [first] : [];
}

function codeOf(value: string): Code {
  return { type: 'code', lang: 'c', value };
}
