import type { List, ListItem, Table } from 'mdast';
import { type Compile, compilerOf, type Handlers, type Write } from './compiler.js';
import { fill, hang } from './fill.js';

/** How a terminal shows text; each function takes one line. */
interface TerminalStyle {
  /** A heading. */
  bold(text: string): string;
  /** Makes text safe for a terminal. */
  plain(text: string): string;
}

/** If the last column of a table would be narrower, its text goes below the row. */
const leastColumn = 24;

/** Makes a compiler for a terminal: headings stand out, code is indented, other text is broken into lines. */
export function terminalCompiler(style: TerminalStyle): Compile {
  return compilerOf('a terminal', { ...handlers, ...styledBy(style) }, 80);
}

const handlers: Handlers = {
  emphasis: ({ children }, write) => `*${write.inline(children)}*`,
  strong: ({ children }, write) => `**${write.inline(children)}**`,
  link: ({ url, children }, write) => link(url, write.inline(children)),
  break: () => '\n',
  paragraph: ({ children }, write) => filled(write.inline(children), write.width),
  list: (node, write) =>
    node.children.map((item, index) => listItem(mark(node, index), item, write)).join(isLoose(node) ? '\n\n' : '\n'),
  blockquote: ({ children }, write) => hang('  ', write.narrower(2).blocks(children)),
  table: (node, write) => table(node, write),
};

/** The handlers of nodes that hold text. */
function styledBy({ bold, plain }: TerminalStyle): Handlers {
  return {
    text: ({ value }) => plain(value.replace(/\s+/g, ' ')),
    inlineCode: ({ value }) => `\`${plain(value.replace(/\n/g, ' '))}\``,
    heading: ({ children }, write) => bold(write.inline(children)),
    code: ({ value }) =>
      value
        .split('\n')
        .map((line) => `    ${plain(line)}`.trimEnd())
        .join('\n'),
  };
}

function filled(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => fill(line, width))
    .join('\n');
}

function link(url: string, words: string): string {
  return words === url || words === '' ? url : `${words} <${url}>`;
}

function mark({ ordered, start }: List, index: number): string {
  return ordered ? `${(start ?? 1) + index}. ` : '- ';
}

function isLoose({ spread, children }: List): boolean {
  return spread === true || children.some((item) => item.spread === true);
}

function listItem(mark: string, { spread, children }: ListItem, write: Write): string {
  const narrower = write.narrower(mark.length);
  const text = spread ? narrower.blocks(children) : children.map((child) => narrower.blocks([child])).join('\n');
  return hang(mark, text);
}

/** Columns side by side; the last one is broken into lines, or goes below the row if it would be too narrow. */
function table({ children }: Table, write: Write): string {
  const rows = children.map((row) => row.children.map((cell) => write.inline(cell.children).replaceAll('\n', ' ')));
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns - 1 }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const left = widths.reduce((sum, width) => sum + width + 2, 0);
  return rows
    .map((row) => {
      const last = row[columns - 1] ?? '';
      const first = widths.map((width, column) => `${(row[column] ?? '').padEnd(width)}  `).join('');
      if (write.width - left >= leastColumn) return hang(first, fill(last, write.width - left)).trimEnd();
      return `${first.trimEnd()}\n${hang('    ', fill(last, write.width - 4))}`.trimEnd();
    })
    .join('\n');
}
