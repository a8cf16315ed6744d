import type { Root, RootContent } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkStringify from 'remark-stringify';
import { unified } from 'unified';
import type { Rule, RulePage } from '../lint/index.js';
import { coloursFor } from './colour.js';

const writer = unified().use(remarkGfm).use(remarkStringify, { bullet: '-', emphasis: '*', fences: true, rule: '-' });

/** The fence words that only the tests need are left out of what people read. */
function withoutOptions(node: RootContent): RootContent {
  return node.type === 'code' && (node.lang === 'c' || node.lang === 'diff') ? { ...node, meta: null } : node;
}

/** A rule's page as Markdown, with a line on its severity and group under the title. */
export function pageMarkdown(page: RulePage, rule: Rule): string {
  const [title, ...rest] = page.root.children.map(withoutOptions);
  const facts: RootContent = {
    type: 'paragraph',
    children: [{ type: 'text', value: `Severity: ${rule.severity}. Group: ${rule.group}.` }],
  };
  const root: Root = { type: 'root', children: title ? [title, facts, ...rest] : [facts] };
  return writer.stringify(root);
}

/** The same for a terminal: headings marked, code indented. */
export function pageText(page: RulePage, rule: Rule, colour: boolean): string {
  const colours = coloursFor(colour);
  let isCode = false;
  return pageMarkdown(page, rule)
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('```')) {
        isCode = !isCode;
        return [];
      }
      if (isCode) return [`    ${line}`.trimEnd()];
      const heading = /^#+ (.*)$/.exec(line)?.[1];
      return [heading ? colours.bold(unescaped(heading)) : unescaped(line)];
    })
    .join('\n');
}

/** A line as it was meant before the writer made it safe for a Markdown reader; what stands in backquotes is as it is. */
function unescaped(line: string): string {
  return line.replace(/(`+)(?!`).*?[^`]\1(?!`)|\\([!-/:-@[-`{-~])|&#x20;/g, (whole, ticks, mark) =>
    ticks ? whole : (mark ?? ' '),
  );
}

/** The index of all rule pages. */
export function indexMarkdown(entries: readonly { readonly rule: Rule; readonly page: RulePage }[]): string {
  const lines = entries.map(
    ({ rule, page }) =>
      `| [${rule.id}](${rule.id}.md) | ${rule.severity} | ${rule.group} | ${page.summary.replace(/\|/g, '\\|')} |`,
  );
  return ['# Rules', '', '| rule | severity | group | what it finds |', '| --- | --- | --- | --- |', ...lines, ''].join(
    '\n',
  );
}
