import { readFileSync } from 'node:fs';
import type { Code, Root, RootContent } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { packageFile } from '../base/package/package-files.js';

/** An example from a rule page: one driver file, with markers on the lines that the rule must report, or the mails of a series. */
export interface RuleExample {
  readonly isBad: boolean;
  readonly kind: 'file' | 'series';
  readonly code: string;
  /** The `key=value` words of the fence: `dialect`, `path`; for a series `tree`, `with`. */
  readonly options: Readonly<Record<string, string>>;
  /** The line of the fence in the page, 1-based. */
  readonly line: number;
}

/** A parsed rule page (`rules/<id>/rule.md`). `explain`, SARIF, the generated pages and the tests all use it. */
export interface RulePage {
  readonly id: string;
  readonly markdown: string;
  readonly root: Root;
  /** The first paragraph. */
  readonly summary: string;
  /** Titles of the sections, in order. */
  readonly sections: readonly string[];
  readonly examples: readonly RuleExample[];
}

/** The sections that every page has, in this order. */
export const pageSections: readonly string[] = [
  'What it checks',
  'Why it matters',
  'Bad',
  'Good',
  'How to fix',
  'Known gaps',
];

/** Reads the page of a rule from the package. @throws where there is none */
export function readRulePage(id: string): RulePage {
  return parseRulePage(id, readFileSync(packageFile(`rules/${id}/rule.md`), 'utf8'));
}

const parser = unified().use(remarkParse).use(remarkGfm).freeze();

/** Parses the page of a rule. The page is parsed as a whole when that is asked for: a list of rules needs summaries only. */
export function parseRulePage(id: string, markdown: string): RulePage {
  let whole: Root | undefined;
  const root = (): Root => {
    whole ??= parser.parse(markdown);
    return whole;
  };
  return {
    id,
    markdown,
    summary: summaryOf(markdown),
    get root() {
      return root();
    },
    get sections() {
      return root().children.flatMap((node) => (node.type === 'heading' && node.depth === 2 ? [textOf(node)] : []));
    },
    get examples() {
      return root().children.filter(isExample).map(readExample);
    },
  };
}

/** The first paragraph of a page, which stands before its sections. */
function summaryOf(markdown: string): string {
  const [head = ''] = markdown.split(/^## /m, 1);
  const paragraph = parser.parse(head).children.find((node) => node.type === 'paragraph');
  return paragraph ? textOf(paragraph).replace(/\s+/g, ' ') : '';
}

function isExample(node: RootContent): node is Code {
  return node.type === 'code' && (node.lang === 'c' || node.lang === 'diff') && /^(bad|good)\b/.test(node.meta ?? '');
}

function readExample(node: Code): RuleExample {
  const [kind, ...options] = (node.meta ?? '').split(/\s+/);
  return {
    isBad: kind === 'bad',
    kind: node.lang === 'diff' ? 'series' : 'file',
    code: `${node.value}\n`,
    options: Object.fromEntries(options.flatMap((option) => (option.includes('=') ? [option.split('=', 2)] : []))),
    line: node.position?.start.line ?? 1,
  };
}
