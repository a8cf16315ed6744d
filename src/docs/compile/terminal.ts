import type { List, ListItem, Table } from 'mdast';
import { type Compile, compilerOf, type Handlers, type Write } from './compiler.js';
import { fill, hang } from './fill.js';

/** How a terminal shows what is more than words; each function takes one line. */
export interface TerminalStyle {
  /** A heading. */
  bold(text: string): string;
  /** Text whose signs a terminal would take for orders, made harmless. */
  plain(text: string): string;
}

/** The last column of a table is not made narrower than this. */
const leastColumn = 24;

/** Text for a terminal: headings marked, code indented, all else broken into lines. */
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

/** What has text of its own. */
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

/** Columns side by side, the last one broken into lines; where that leaves it too little, its text goes below. */
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
