import type { Nodes, Root, RootContent } from 'mdast';
import { allDialects, anyName, folded, patternOf } from '../comments/statements.js';
import { compileRest } from '../compile/rest.js';
import { dialectSubstitutes, importerSentences } from '../facts.js';
import { readText, type Substitutes, substitute } from '../source.js';
import { chunksOf } from './page-chunks.js';

const page = 'pages/invalidation.md';
/** Conditions of the page that come from its tables, not from the dialect. */
const tableFlags = [
  'config',
  'importers',
  'unmarked',
  'declared',
  'unknown-importers',
  'static',
  'active-exporters',
  'passive-exporters',
];
const tableBlocks = ['importers', 'static-importers', 'exporters', 'passive-exporters', 'negotiation'];

/** Knows what any paragraph of the page was in any dialect. */
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
    flags: new Map([...flags, ...tableFlags.map((flag) => [flag, true] as const)]),
    phrases: new Map(['unmarked-importers', 'declared-importers'].map((name) => [name, []])),
    blocks: new Map(tableBlocks.map((name) => [name, []])),
  };
  const text = compileRest(withoutEmpty(substitute(source, substitutes)));
  return chunksOf(text).map((chunk) => folded(chunk.text).replaceAll(`${anyName}-`, anyName));
}

function withoutEmpty(root: Root): Root {
  const isEmpty = (node: Nodes): boolean => 'children' in node && node.children.length === 0;
  return { type: 'root', children: root.children.filter((node: RootContent) => !isEmpty(node)) };
}
