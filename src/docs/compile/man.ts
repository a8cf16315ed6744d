import type { List, ListItem, Nodes, TableRow } from 'mdast';
import { type Between, compilerOf, type Handlers, type Write } from './compiler.js';
import { fill } from './fill.js';
import { codeEscapes, escaped, guarded, proseEscapes } from './roff-escapes.js';

const handlers: Handlers = {
  text: ({ value }) => escaped(value.replace(/\s+/g, ' '), proseEscapes),
  emphasis: ({ children }, write) => inFont('I', write.inline(children)),
  strong: ({ children }, write) => inFont('B', write.inline(children)),
  inlineCode: ({ value }) => inFont('B', escaped(value.replace(/\s+/g, ' '), codeEscapes)),
  link: ({ url, children }, write) => link(escaped(url, codeEscapes), write.inline(children)),
  break: () => lineBreak,
  heading: ({ depth, children }, write) => heading(depth, write.inline(children)),
  paragraph: ({ children }, write) => filled(write.inline(children), write.width),
  list: (node, write) => node.children.map((item, index) => listItem(mark(node, index), item, write)).join('\n'),
  code: ({ value }) => `.RS 4\n.EX\n${verbatim(value)}\n.EE\n.RE`,
  blockquote: ({ children }, write) => `.RS 4\n${write.blocks(children)}\n.RE`,
  table: ({ children: [head, ...rows] }, write) => rows.map((row) => tableRow(head, row, write)).join('\n'),
};

const lineBreak = '\n.br\n';

/** Macros separate blocks; a blank line in roff is a blank line on the page. */
const between: Between = (before, after) => `\n${before.type === 'heading' ? '' : opening(after)}`;

function opening(node: Nodes): string {
  return node.type === 'paragraph' || node.type === 'code' || node.type === 'blockquote' ? '.PP\n' : '';
}

/** Writes man(7) without the `.TH` line of a page. Source: man-pages(7), groff_man_style(7). */
export const compileMan = compilerOf('man', handlers, 79, between);

/**
 * Text in a font. Fonts do not nest in roff, so a change of font within returns to this one. Text in a font is a name
 * that somebody may copy, so its dashes are minus signs.
 */
function inFont(font: 'B' | 'I', text: string): string {
  return `\\f${font}${text.replaceAll('\\fR', `\\f${font}`).replace(/(?<!\\)-/g, '\\-')}\\fR`;
}

function link(url: string, words: string): string {
  return words === '' || words.replaceAll('\\-', '-') === url.replaceAll('\\-', '-')
    ? url
    : `${words} \\(la${url}\\(ra`;
}

/** A heading is bold by itself: names in it need no font, and text after emphasis returns to bold. */
function heading(depth: number, title: string): string {
  if (depth > 3) return `.PP\n${inFont('B', title)}`;
  return `${depth === 3 ? '.SS' : '.SH'} ${title.replace(/\\fB(.*?)\\fR/g, '$1').replaceAll('\\fR', '\\fB')}`;
}

/**
 * Fills text; each sentence begins a line, so that roff knows where sentences end. A line break after a full stop within
 * a sentence gets `\&`, so that roff takes it for no end.
 */
function filled(text: string, width: number): string {
  return text
    .split(lineBreak)
    .map((part) =>
      part
        .split(/(?<=[.!?][)\]]?) +(?=\\f[BI]|[A-Z*])/)
        .map((sentence) => fill(sentence, width).replace(/(?<=[.!?][)\]]?)\n/g, '\\&\n'))
        .map(guarded)
        .join('\n'),
    )
    .join(lineBreak);
}

function mark({ ordered, start }: List, index: number): string {
  return ordered ? `${(start ?? 1) + index}. 4` : '\\(bu 2';
}

function listItem(mark: string, { children: [first, ...others] }: ListItem, write: Write): string {
  const [text, rest] = first?.type === 'paragraph' ? [write.blocks([first]), others] : ['\\&', first ? [first] : []];
  return [`.IP ${mark}`, text, ...nested(mark, rest, write)].join('\n');
}

/** The blocks after the first paragraph of an item, indented below it. */
function nested(mark: string, blocks: readonly Nodes[], write: Write): readonly string[] {
  const [first] = blocks;
  if (!first) return [];
  return [`.RS ${mark.split(' ')[1]}`, `${opening(first)}${write.blocks(blocks)}`, '.RE'];
}

/** A row as a tagged paragraph, since tbl(1) does not break the text of a cell into lines. */
function tableRow(head: TableRow | undefined, { children: [tag, ...cells] }: TableRow, write: Write): string {
  const texts = cells.map((cell, index) => {
    const text = write.inline(cell.children);
    const name = head?.children[index + 1];
    return cells.length > 1 && name ? `${write.inline(name.children)}: ${text}` : text;
  });
  const text = filled(texts.join(lineBreak), write.width);
  return `.TP\n${guarded(tag ? write.inline(tag.children) : '') || '\\&'}\n${text || '\\&'}`;
}

function verbatim(value: string): string {
  return value
    .split('\n')
    .map((line) => guarded(escaped(withoutTabs(line), codeEscapes)))
    .join('\n');
}

/** Replaces tabs by blanks: the tab stops of a man page are not those of C code. */
function withoutTabs(line: string): string {
  return line.split('\t').reduce((text, part) => text + ' '.repeat(8 - (text.length % 8)) + part);
}
