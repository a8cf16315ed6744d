import type { Nodes, RootContent } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkStringify from 'remark-stringify';
import { unified } from 'unified';
import type { Compile } from './compiler.js';

/** Columns of a table are not aligned, so that a changed fact is one changed line. */
const writer = unified()
  .use(remarkGfm, { tablePipeAlign: false })
  .use(remarkStringify, { bullet: '-', emphasis: '*', fences: true, rule: '-' })
  .freeze();

/** Markdown as our pages are written: remark's own table of handlers. Lines stay as they were broken. */
export const compileMarkdown: Compile = (node) =>
  writer.stringify(node.type === 'root' ? node : { type: 'root', children: [blockOf(node)] });

function blockOf(node: Exclude<Nodes, { readonly type: 'root' }>): RootContent {
  return node;
}
