import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Root } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { hasDocutils, oddNodes, pageOf } from '../../dev/names/docutils.js';
import { paragraph } from '../nodes.js';
import { kernelDocCompiler } from './kernel-doc.js';
import { compileMan } from './man.js';
import { compileMarkdown } from './markdown.js';
import { compileRest } from './rest.js';

/** Ends of lines as Python, and so docutils, knows them. */
const ends = ['\r', '\r\n', '\n', '\v', '\f', '\u001c', '\u001d', '\u001e', '\u0085', '\u2028', '\u2029'];

/** Names that files, functions and people may have. */
const names: readonly string[] = [
  ...ends.flatMap((end) => [
    `a${end}${end}.. raw:: html${end}${end}   <script>x</script>${end}.c`,
    `a${end}.TH x${end}.so /etc/passwd`,
  ]),
  '.. include:: /etc/passwd',
  ':orphan: x',
  '``a`` :raw-html:`x`',
  '` <x>`_',
  'a`b',
  ' a',
  '\u00a0a',
  'a \u00a0 b\u00a0',
  '|a|',
  'target_',
  'anonymous__',
  '\u00eb_ \u0436_',
  'a_\u2019 b_\u3002 c_\u00bb',
  // The underscore stands before a sign that is written with a backslash.
  'a_\u0005 b_*c d_|e f_`g h_\\i',
  "it's_'quoted_'",
  '[1]_ [#]_',
  '*a* **b**',
  '>>> x',
  '====',
  `${'x'.repeat(78)} ======`,
  `${'='.repeat(80)} x`,
  '===== =====',
  'a::',
  '+---+',
  '1. a',
  '(a) b',
  '- a',
  '<script>x</script>',
  '[a](javascript:x) ![b](c)',
  '# a',
  '\\fBbold\\fR \\*(xx',
  '.so /etc/passwd',
  "'br",
  '\u001b[2J\u202e',
  '*/ int x; /*',
  '{{ x }} $(x) %n',
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const raw = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e]/;

describe('a name from outside', () => {
  it('is a word in reST, as docutils reads it', { skip: hasDocutils ? false : 'docutils is not there' }, () => {
    const pages = names.map((name) => compileRest(pageOf(name)));
    for (const page of pages) assert.doesNotMatch(page, raw);
    const odd = oddNodes(pages).map((kinds, index) => `${JSON.stringify(names[index])}: ${kinds}`);
    assert.deepEqual(
      odd.filter((line) => !line.endsWith(': ')),
      [],
    );
  });

  for (const name of names) {
    const shown = JSON.stringify(name);
    it(`has no line of its own in reST and kernel-doc, and ends no comment: ${shown}`, () => {
      const inline: Root = { type: 'root', children: pageOf(name).children.slice(0, 2) };
      for (const text of [compileRest(inline), kernelDocCompiler(null)(inline)]) {
        assert.doesNotMatch(text, raw);
        assert.doesNotMatch(text, /^(?:\.\.|:\w+:|>>>)/m);
      }
      assert.ok(!kernelDocCompiler(null)(pageOf(name).children[0] ?? paragraph('')).includes('*/'));
    });

    it(`is a word in Markdown: ${shown}`, () => {
      const markdown = compileMarkdown(pageOf(name));
      assert.doesNotMatch(markdown, raw);
      const kinds = new Set<string>();
      const visit = (node: {
        readonly type: string;
        readonly children?: readonly { readonly type: string }[];
      }): void => {
        kinds.add(node.type);
        node.children?.forEach(visit);
      };
      visit(unified().use(remarkParse).use(remarkGfm).parse(markdown));
      const plain = ['root', 'paragraph', 'text', 'inlineCode', 'code', 'table', 'tableRow', 'tableCell', 'break'];
      assert.deepEqual(
        [...kinds].filter((kind) => !plain.includes(kind)),
        [],
        markdown,
      );
    });

    it(`is no request in a man page: ${shown}`, () => {
      const page = compileMan(pageOf(name));
      assert.doesNotMatch(page, raw);
      const requests = page.split('\n').flatMap((line) => /^[.'](\S*)/.exec(line)?.[1] ?? []);
      for (const request of requests) assert.match(request, /^(?:PP|RS|EX|EE|RE|TP|br)$/);
      assert.doesNotMatch(page.replaceAll('\\&', ''), /\\(?![efl(&[-]|\(|\[|e)/);
    });
  }
});
