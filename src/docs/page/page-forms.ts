import type { Nodes, Root, RootContent } from 'mdast';
import { dialectsOf, folded, patternOf } from '../comments/statements.js';
import { compileRest } from '../compile/rest.js';
import { tableNames } from '../drivers/tables.js';
import { noSubstitutes, readText, type Substitutes, substitute } from '../source.js';
import { chunksOf } from './page-chunks.js';
import { pageFlags } from './page-facts.js';

/**
 * Makes a test that tells whether a paragraph of a page, its white space folded, is ours: what this version of the page
 * says in any dialect.
 * @param source of the page, below src/docs
 */
export function formerPageForms(source: string): (text: string) => boolean {
  return (text) => formsOf(source).some((pattern) => pattern.test(bare(text)));
}

const known = new Map<string, readonly RegExp[]>();

/** The paragraphs of a page in all dialects: they are the same for each tree. */
function formsOf(source: string): readonly RegExp[] {
  const forms =
    known.get(source) ??
    [...new Set(dialectsOf(readText(source)).flatMap((words) => textsOf(source, words)))].map(patternOf);
  known.set(source, forms);
  return forms;
}

function textsOf(source: string, { flags, names }: Pick<Substitutes, 'flags' | 'names'>): readonly string[] {
  const substitutes: Substitutes = {
    ...noSubstitutes,
    names,
    flags: new Map([...flags, ...pageFlags.map((flag) => [flag, true] as const)]),
    blocks: new Map(tableNames.map((name) => [name, []])),
  };
  const text = compileRest(withoutEmpty(substitute(readText(source), substitutes)));
  return chunksOf(text).map((chunk) => bare(folded(chunk.text)));
}

/** A constant has no markup, but the name that stands for any name has. */
function bare(text: string): string {
  return text.replaceAll('``', '');
}

function withoutEmpty(root: Root): Root {
  const isEmpty = (node: Nodes): boolean => 'children' in node && node.children.length === 0;
  return { type: 'root', children: root.children.filter((node: RootContent) => !isEmpty(node)) };
}
