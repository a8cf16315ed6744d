import type { Nodes, RootContent } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkStringify from 'remark-stringify';
import { unified } from 'unified';
import { visible } from '../../base/visible.js';
import type { Compile } from './compiler.js';

/** Columns of a table are not aligned, so that a changed fact changes one line. */
const writer = unified()
  .use(remarkGfm, { tablePipeAlign: false })
  .use(remarkStringify, { bullet: '-', emphasis: '*', fences: true, rule: '-' })
  .freeze();

/** Writes Markdown in the style of our pages; lines stay as the source breaks them. */
export const compileMarkdown: Compile = (node) =>
  writer.stringify(shown(node.type === 'root' ? node : { type: 'root', children: [blockOf(node)] }));

/** A tree without characters that end lines or cannot be seen. What is markup in words is escaped by the writer. */
function shown<Node extends Nodes>(node: Node): Node {
  if ('children' in node) return { ...node, children: node.children.map(shown) };
  if (!('value' in node)) return node;
  const value = visible(node.value);
  return { ...node, value: node.type === 'inlineCode' ? value.replace(/\s*\n\s*/g, ' ') : value };
}

function blockOf(node: Exclude<Nodes, { readonly type: 'root' }>): RootContent {
  return node;
}
