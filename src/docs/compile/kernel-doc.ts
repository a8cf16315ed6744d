import type { ListItem, Nodes, PhrasingContent } from 'mdast';
import { type Compile, compilerOf, type Handlers, type Write } from './compiler.js';
import { fill, hang, tie } from './fill.js';
import { referenceIn } from './references.js';

/** What kernel-doc or reST would read as markup in plain words. Source: Documentation/doc-guide/kernel-doc.rst. */
const escapes: readonly (readonly [RegExp, string])[] = [
  [/\\/g, '\\\\'],
  [/([*|`])/g, '\\$1'],
  [/(?<=^|\s)([@%&$])(?=\w)/g, '\\$1'],
  [/(\w)_(?=[\s.,;:)]|$)/g, '$1\\_'],
];

/**
 * The text of a kernel-doc comment, without the signs of the comment.
 * @param struct the struct in whose comment it will stand: its own members are `@member` there
 */
export function kernelDocCompiler(struct: string | null): Compile {
  return compilerOf('kernel-doc', { ...handlers, inlineCode: ({ value }) => reference(value, struct) }, 76);
}

const handlers: Handlers = {
  text: ({ value }) => escapes.reduce((text, [sign, safe]) => text.replace(sign, safe), value),
  emphasis: ({ children }, write) => `*${write.inline(children)}*`,
  strong: ({ children }, write) => `**${write.inline(children)}**`,
  paragraph: ({ children }, write) => fill(write.inline(children), write.width),
  list: ({ children, ordered, start }, write) =>
    children.map((item, index) => listItem(ordered ? ` ${(start ?? 1) + index}) ` : '- ', item, write)).join('\n'),
  code: ({ value }) => `::\n\n${hang('    ', value)}`,
};

function listItem(mark: string, item: ListItem, write: Write): string {
  return hang(mark, write.narrower(mark.length).blocks(item.children));
}

function reference(value: string, struct: string | null): string {
  const found = referenceIn(value);
  switch (found.kind) {
    case 'function':
      return `${found.name}()`;
    case 'struct':
      return `&struct${tie}${found.tag}`;
    case 'member':
      return found.tag === struct ? `@${found.name}` : `&${found.tag}.${found.name}`;
    case 'parameter':
      return `@${found.name}`;
    case 'constant':
      return found.text;
    case 'code':
      return `\`\`${found.text}\`\``;
  }
}

/** A heading's words in plain: what a caption or a subject line takes. */
export function plainWords(nodes: readonly (PhrasingContent | Nodes)[]): string {
  return nodes
    .map((node) => ('value' in node ? node.value : 'children' in node ? plainWords(node.children) : ''))
    .join('');
}
