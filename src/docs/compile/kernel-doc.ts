import { visible } from '../../base/visible.js';
import { type Compile, compilerOf, type Handlers } from './compiler.js';
import { fill, hang, tie } from './fill.js';
import { referenceIn } from './references.js';
import { escapeRest, guarded, listItem, literal } from './rest-text.js';

/** What kernel-doc reads as a reference, beside the markup of reST. Source: Documentation/doc-guide/kernel-doc.rst. */
const references = /(?<=^|\s)([@%&$])(?=\w)/g;

/** Text that does not end the comment that it stands in. */
function withinComment(text: string): string {
  return visible(text).replaceAll('*/', '* /');
}

function escapeKernelDoc(text: string): string {
  return escapeRest(withinComment(text)).replace(references, '\\$1');
}

/**
 * Makes a compiler for the text of a kernel-doc comment, without the signs of the comment.
 * @param struct the struct whose comment it is: there its members are written `@member`
 */
export function kernelDocCompiler(struct: string | null): Compile {
  return compilerOf('kernel-doc', { ...handlers, inlineCode: ({ value }) => reference(value, struct) }, 76);
}

const handlers: Handlers = {
  text: ({ value }) => escapeKernelDoc(value),
  emphasis: ({ children }, write) => `*${write.inline(children)}*`,
  strong: ({ children }, write) => `**${write.inline(children)}**`,
  paragraph: ({ children }, write) => guarded(fill(write.inline(children), write.width)),
  // As dma-buf.c has them: steps of a line or two as ` 1)`, items that hold lists as `1.`.
  list: ({ children, ordered, start, spread }, write) =>
    children
      .map((item, index) => {
        const number = (start ?? 1) + index;
        const isLong = spread || item.spread || item.children.length > 1;
        return listItem(ordered ? (isLong ? `${number}. ` : ` ${number}) `) : '- ', item, write);
      })
      .join('\n'),
  code: ({ value }) => `::\n\n${hang('    ', withinComment(value))}`,
};

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
      return literal(withinComment(found.text), escapeKernelDoc);
  }
}
