import type { ListItem, Table, TableRow } from 'mdast';
import { compilerOf, type Handlers, type Write } from './compiler.js';
import { fill, hang, tie } from './fill.js';
import { referenceIn } from './references.js';

/** What reST would read as markup in plain words. Source: docutils, reStructuredText Markup Specification. */
const escapes: readonly (readonly [RegExp, string])[] = [
  [/\\/g, '\\\\'],
  [/([*|`])/g, '\\$1'],
  [/(\w)_(?=[\s.,;:)]|$)/g, '$1\\_'],
];

/** As Documentation/doc-guide/sphinx.rst asks: the title is over- and underlined, then `=`, `-`, `~`. */
const underlines: Readonly<Record<number, string>> = { 1: '=', 2: '=', 3: '-', 4: '~' };

const handlers: Handlers = {
  text: ({ value }) => escapes.reduce((text, [sign, safe]) => text.replace(sign, safe), value),
  emphasis: ({ children }, write) => `*${write.inline(children)}*`,
  strong: ({ children }, write) => `**${write.inline(children)}**`,
  inlineCode: ({ value }) => reference(value),
  link: ({ url, children }, write) =>
    url.startsWith('Documentation/') ? url : `\`${write.inline(children)} <${url}>\`_`,
  heading: ({ depth, children }, write) => heading(depth, write.inline(children)),
  paragraph: ({ children }, write) => guarded(fill(write.inline(children), write.width)),
  list: ({ children, ordered, start }, write) =>
    children
      .map((item, index) => listItem(ordered ? `${(start ?? 1) + index}. ` : '- ', item, write))
      .join(children.some((item) => item.children.length > 1) ? '\n\n' : '\n'),
  code: ({ value, lang }) => `${lang ? `.. code-block:: ${lang}` : '::'}\n\n${indented(value)}`,
  blockquote: ({ children }, write) => hang('   ', write.narrower(3).blocks(children)),
  table: (node, write) => table(node, write),
  html: () => '',
};

/** With a tab where the code has tabs: blanks before a tab are frowned upon. */
function indented(code: string): string {
  const indent = code.includes('\t') ? '\t' : '   ';
  return code.replace(/^(?=.)/gm, indent);
}

/** reST in the kernel's manner, 79 columns wide. */
export const compileRest = compilerOf('reST', handlers, 79);

function heading(depth: number, title: string): string {
  const line = (underlines[depth] ?? '^').repeat(title.length);
  return depth === 1 ? `${line}\n${title}\n${line}` : `${title}\n${line}`;
}

/** A paragraph whose first word looks like the mark of a list is none. */
function guarded(paragraph: string): string {
  return paragraph.replace(/^(?=(?:[-+•]|\d+[.)]|\.\.)\s)/, '\\');
}

function listItem(mark: string, item: ListItem, write: Write): string {
  return hang(mark, write.narrower(mark.length).blocks(item.children));
}

/** A `list-table`: one cell a line at most, so that a changed fact is a changed line. */
function table({ children }: Table, write: Write): string {
  const rows = children.map((row) => tableRow(row, write.narrower(8)));
  return [`.. list-table::`, `   :header-rows: 1`, '', ...rows].join('\n');
}

function tableRow({ children }: TableRow, write: Write): string {
  return children
    .map((cell, index) =>
      `${hang(index === 0 ? '   * - ' : '     - ', fill(write.inline(cell.children), write.width))}`.trimEnd(),
    )
    .join('\n');
}

/** The kernel's automarkup makes links of functions and structs that stand there plainly. */
function reference(value: string): string {
  const found = referenceIn(value);
  switch (found.kind) {
    case 'function':
      return `${found.name}()`;
    case 'struct':
      return `struct${tie}${found.tag}`;
    case 'constant':
      return found.text;
    case 'parameter':
      return `\`\`${found.name}\`\``;
    case 'member':
      return `\`\`${found.tag}.${found.name}\`\``;
    case 'code':
      return `\`\`${found.text}\`\``;
  }
}
