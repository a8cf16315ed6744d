import type { Nodes, Root, RootContent } from 'mdast';
import { allDialects, anyName, folded, patternOf } from '../comments/statements.js';
import { compileRest } from '../compile/rest.js';
import { dialectSubstitutes } from '../facts.js';
import { readText, type Substitutes, substitute } from '../source.js';
import { importerSentences } from './importer-sentences.js';
import { chunksOf } from './page-chunks.js';
import { pageFlags, pagePhrases } from './page-facts.js';
import { tableNames } from './tables.js';

const page = 'pages/invalidation.md';

/**
 * Makes a test that tells whether a paragraph of a page, its white space folded, is ours: what this version of the page
 * says in any dialect.
 */
export function formerPageForms(): (text: string) => boolean {
  let patterns: readonly RegExp[] | undefined;
  return (text) => {
    patterns ??= [...new Set(allDialects().flatMap(textsOf))].map(patternOf);
    return patterns.some((pattern) => pattern.test(text)) || importerSentences.test(text);
  };
}

const source = readText(page);

function textsOf(facts: Parameters<typeof dialectSubstitutes>[0]): readonly string[] {
  const { flags, names } = dialectSubstitutes(facts);
  const substitutes: Substitutes = {
    names,
    flags: new Map([...flags, ...pageFlags.map((flag) => [flag, true] as const)]),
    phrases: new Map(pagePhrases.map((name) => [name, []])),
    blocks: new Map(tableNames.map((name) => [name, []])),
  };
  const text = compileRest(withoutEmpty(substitute(source, substitutes)));
  return chunksOf(text).map((chunk) => folded(chunk.text).replaceAll(`${anyName}-`, anyName));
}

function withoutEmpty(root: Root): Root {
  const isEmpty = (node: Nodes): boolean => 'children' in node && node.children.length === 0;
  return { type: 'root', children: root.children.filter((node: RootContent) => !isEmpty(node)) };
}
