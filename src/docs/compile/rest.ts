import type { Table, TableRow } from 'mdast';
import { visible } from '../../base/visible.js';
import { compilerOf, type Handlers, type Write } from './compiler.js';
import { fill, hang, tie } from './fill.js';
import { referenceIn } from './references.js';
import { escapeRest, guarded, listItem, literal } from './rest-text.js';

/** By depth, as Documentation/doc-guide/sphinx.rst asks; the title has a line above it too. */
const underlines: Readonly<Record<number, string>> = { 1: '=', 2: '=', 3: '-', 4: '~' };

const handlers: Handlers = {
  text: ({ value }) => escapeRest(value),
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
  code: ({ value, lang, meta }) => `${codeHead(lang ?? null, meta ?? '')}\n\n${indented(visible(value))}`,
  blockquote: ({ children }, write) => hang('   ', write.narrower(3).blocks(children)),
  table: (node, write) => table(node, write),
  html: () => '',
};

/** How code begins; what follows the language of a graph is its caption. Source: Documentation/doc-guide/sphinx.rst. */
function codeHead(language: string | null, caption: string): string {
  if (language === 'dot') return `.. kernel-render:: DOT\n   :alt: ${caption}\n   :caption: ${caption}`;
  return language === null ? '::' : `.. code-block:: ${language}`;
}

/** Indents code; with a tab if it has tabs, since checkpatch warns of blanks before a tab. */
function indented(code: string): string {
  const indent = code.includes('\t') ? '\t' : '   ';
  return code.replace(/^(?=.)/gm, indent);
}

/** Writes reST as the kernel does, 79 columns wide. */
export const compileRest = compilerOf('reST', handlers, 79);

function heading(depth: number, title: string): string {
  const line = (underlines[depth] ?? '^').repeat(title.length);
  return depth === 1 ? `${line}\n${title}\n${line}` : `${title}\n${line}`;
}

/** A `list-table`: no line holds two cells, so that a changed fact is a changed line. */
function table({ children }: Table, write: Write): string {
  const rows = children.map((row) => tableRow(row, write.narrower(8)));
  return [`.. list-table::`, `   :header-rows: 1`, '', ...rows].join('\n');
}

function tableRow({ children }: TableRow, write: Write): string {
  return children
    .map((cell, index) =>
      `${hang(index === 0 ? '   * - ' : '     - ', guarded(fill(write.inline(cell.children), write.width)))}`.trimEnd(),
    )
    .join('\n');
}

/** A name. The kernel's automarkup turns plain functions and structs into links. */
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
    // kernel-doc makes a target for the struct, and none for a member.
    case 'member':
      return `:c:type:\`${found.tag}.${found.name}${tie}<${found.tag}>\``;
    case 'code':
      return literal(found.text);
  }
}
