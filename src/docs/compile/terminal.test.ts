import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Nodes } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { terminalCompiler } from './terminal.js';

const compile = terminalCompiler({ bold: (text) => text, plain: (text) => text });

/** What Markdown becomes on a terminal, without the last line feed. */
function shown(markdown: string, width?: number): string {
  return compile(unified().use(remarkParse).use(remarkGfm).parse(markdown), width).replace(/\n$/, '');
}

describe('what a terminal shows for', () => {
  const specification: Readonly<Record<string, readonly [markdown: string, text: string]>> = {
    headings: ['# A\n\n### b', 'A\n\nb'],
    'paragraphs, with their lines broken anew': ['one\ntwo\n\nthree', 'one two\n\nthree'],
    'a line break': ['one  \ntwo', 'one\ntwo'],
    'emphasis and strong words': ['*a* and **b**', '*a* and **b**'],
    'code in a sentence': ['in `\\n` and `a\\_b`', 'in `\\n` and `a\\_b`'],
    'a link': ['[words](https://example.org)', 'words <https://example.org>'],
    'a link that shows where it goes': ['<https://example.org>', 'https://example.org'],
    'a list': ['- a\n- b', '- a\n- b'],
    'a list with numbers': ['9. a\n10. b', '9. a\n10. b'],
    'a list in a list': ['- a\n  - b\n- c', '- a\n  - b\n- c'],
    'a list with space between its items': ['- a\n\n- b', '- a\n\n- b'],
    'an item of two paragraphs': ['1. a\n\n   b', '1. a\n\n   b'],
    'code, without its fences and their words': [
      '```c bad path=a.c\nint a;\n\n\tb();\n```',
      '    int a;\n\n    \tb();',
    ],
    'a quotation': ['> a\n>\n> b', '  a\n\n  b'],
    'a table': ['| a | bbb |\n| - | - |\n| ccc | d |\n| e | |', 'a    bbb\nccc  d\ne'],
    'signs that mean something in Markdown': ['\\*a\\* \\[b] c\\_d 1\\. &lt;e>', '*a* [b] c_d 1. <e>'],
    'lines that would be lists': ['1\\. no list\n\n\\- no list', '1. no list\n\n- no list'],
  };
  for (const [what, [markdown, text]] of Object.entries(specification))
    it(what, () => {
      assert.equal(shown(markdown), text);
    });
});

describe('the width of a terminal', () => {
  it('breaks paragraphs and lists, but neither code nor long words', () => {
    assert.equal(shown('aaa bbb ccc', 8), 'aaa bbb\nccc');
    assert.equal(shown('- aaa bbb ccc\n  - ddd eee', 9), '- aaa bbb\n  ccc\n  - ddd\n    eee');
    assert.equal(shown('```\naaa bbb ccc\n```', 8), '    aaa bbb ccc');
    assert.equal(shown(`a ${'b'.repeat(20)} c`, 8), `a\n${'b'.repeat(20)}\nc`);
  });

  it('breaks the last column of a table, and puts it below where there is no room beside', () => {
    const table = `| a | b |\n| - | - |\n| cccc | ${'dddd '.repeat(6).trim()} |`;
    assert.equal(shown(table, 30), 'a     b\ncccc  dddd dddd dddd dddd dddd\n      dddd');
    assert.equal(shown(table, 20), 'a\n    b\ncccc\n    dddd dddd dddd\n    dddd dddd dddd');
  });
});

describe('the style of a terminal', () => {
  it('marks headings, and has all text made harmless', () => {
    const styled = terminalCompiler({ bold: (text) => `<${text}>`, plain: (text) => text.toUpperCase() });
    const root = unified().use(remarkParse).parse('# a `b`\n\nc\n\n```\nd\n```\n');
    assert.equal(styled(root), '<A `B`>\n\nC\n\n    D\n');
  });
});

describe('what a terminal cannot show', () => {
  it('is refused', () => {
    assert.throws(() => shown('a <b>'), /a terminal cannot say a 'html' \(line 1/);
    assert.throws(() => compile({ type: 'unheard-of' } as unknown as Nodes), /cannot say a 'unheard-of'/);
  });
});
