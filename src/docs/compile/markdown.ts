import type { Nodes, RootContent } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkStringify from 'remark-stringify';
import { unified } from 'unified';
import type { Compile } from './compiler.js';

/** Columns of a table are not aligned, so that a changed fact changes one line. */
const writer = unified()
  .use(remarkGfm, { tablePipeAlign: false })
  .use(remarkStringify, { bullet: '-', emphasis: '*', fences: true, rule: '-' })
  .freeze();

/** Writes Markdown in the style of our pages; lines stay as the source breaks them. */
export const compileMarkdown: Compile = (node) =>
  writer.stringify(node.type === 'root' ? node : { type: 'root', children: [blockOf(node)] });

function blockOf(node: Exclude<Nodes, { readonly type: 'root' }>): RootContent {
  return node;
}
