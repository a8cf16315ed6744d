import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Nodes } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { compileMan } from './man.js';

/** What Markdown becomes in a man page, without the last line feed. */
function man(markdown: string, width?: number): string {
  return compileMan(unified().use(remarkParse).use(remarkGfm).parse(markdown), width).trimEnd();
}

/** A paragraph of plain text, which no Markdown parser has seen. */
function plain(value: string, width?: number): string {
  return compileMan({ type: 'paragraph', children: [{ type: 'text', value }] }, width).trimEnd();
}

describe('what a man page says for', () => {
  const specification: Readonly<Record<string, readonly [markdown: string, roff: string]>> = {
    'a section': ['## EXIT STATUS', '.SH EXIT STATUS'],
    'a section below it': ['### scan', '.SS scan'],
    'a title further below': ['#### more', '.PP\n\\fBmore\\fR'],
    'a heading with a name in it, which is bold again afterwards': ['### scan [*tree*]', '.SS scan [\\fItree\\fB]'],
    'two paragraphs': ['one\ntwo\n\nthree', 'one two\n.PP\nthree'],
    'the first paragraph of a section': ['## A\n\nb', '.SH A\nb'],
    'sentences, each on its line': ['One. `Two` is (it). Three!', 'One.\n\\fBTwo\\fR is (it).\nThree!'],
    'a line break': ['one  \ntwo', 'one\n.br\ntwo'],
    emphasis: ['an *argument*', 'an \\fIargument\\fR'],
    'strong words': ['**git-am**(1)', '\\fBgit\\-am\\fR(1)'],
    'code in a sentence': ["a `--b='c'` d", 'a \\fB\\-\\-b=\\(aqc\\(aq\\fR d'],
    'a font within a font': ['**a *b* c**', '\\fBa \\fIb\\fB c\\fR'],
    'a link': ['[words](https://example.org/a-b)', 'words \\(lahttps://example.org/a\\-b\\(ra'],
    'a link that shows where it goes': ['<https://example.org/a-b>', 'https://example.org/a\\-b'],
    'a list': ['- a\n- b', '.IP \\(bu 2\na\n.IP \\(bu 2\nb'],
    'a list with numbers': ['3. a\n4. b', '.IP 3. 4\na\n.IP 4. 4\nb'],
    'a list in a list': ['- a\n  - b\n- c', '.IP \\(bu 2\na\n.RS 2\n.IP \\(bu 2\nb\n.RE\n.IP \\(bu 2\nc'],
    'an item of two paragraphs': ['1. a\n\n   b', '.IP 1. 4\na\n.RS 4\n.PP\nb\n.RE'],
    'an item that begins with code': [
      '- ```\n  a\n  ```',
      '.IP \\(bu 2\n\\&\n.RS 2\n.PP\n.RS 4\n.EX\na\n.EE\n.RE\n.RE',
    ],
    'an item with nothing in it': ['-', '.IP \\(bu 2\n\\&'],
    'code after a sentence': ['a:\n\n```c\nb\n\nc\n```', 'a:\n.PP\n.RS 4\n.EX\nb\n\nc\n.EE\n.RE'],
    'a tab in code': ['```\n\ta\tb\n```', '.RS 4\n.EX\n        a       b\n.EE\n.RE'],
    'a quotation': ['> a\n>\n> b', '.RS 4\na\n.PP\nb\n.RE'],
    'a table of two columns': ['| a | b |\n| - | - |\n| `-c` | d |', '.TP\n\\fB\\-c\\fR\nd'],
    'a table of more': ['| a | b | c |\n| - | - | - |\n| d | e | f |', '.TP\nd\nb: e\n.br\nc: f'],
    'a table with empty cells': ['| a | b |\n| - | - |\n| | |', '.TP\n\\&\n\\&'],
  };
  for (const [what, [markdown, roff]] of Object.entries(specification))
    it(what, () => {
      assert.equal(man(markdown), roff);
    });
});

describe('what a man page makes safe', () => {
  const signs: Readonly<Record<string, readonly [text: string, roff: string]>> = {
    'a line that would be a request': ['.so /etc/passwd', '\\&.so /etc/passwd'],
    'a line that would be one with a quote': ["'br", '\\(aqbr'],
    'backslashes, and what looks like an escape': ['a\\fBb\\n\\', 'a\\efBb\\en\\e'],
    'minus signs, but not hyphens': ['-a --b c-d - e', '\\-a \\-\\-b c-d \\- e'],
    'quotes, but not apostrophes': ["'a' isn't \"b\"", "\\(aqa\\(aq isn't \\(dqb\\(dq"],
    'signs that roff prints as others': ['a^b~c`d', 'a\\(hab\\(tic\\(gad'],
    'signs beyond ASCII': ['a “b” – 😀', 'a \\[u201C]b\\[u201D] \\[u2013] \\[u1F600]'],
    'nothing about signs that mean something in Markdown only': ['* | _ # [a](b) $& $1', '* | _ # [a](b) $& $1'],
    'a control character': ['a\u001bb', 'a\\[u001B]b'],
  };
  for (const [what, [text, roff]] of Object.entries(signs))
    it(what, () => {
      assert.equal(plain(text), roff);
    });

  it('a full stop that comes to stand at the end or at the start of a line', () => {
    assert.equal(plain('aaa e.g. bbb', 9), 'aaa e.g.\\&\nbbb');
    assert.equal(plain('aaaaaaaa .bbb', 9), 'aaaaaaaa\n\\&.bbb');
  });

  it('a word longer than the line', () => {
    assert.equal(plain(`a ${'b'.repeat(30)} c`, 10), `a\n${'b'.repeat(30)}\nc`);
  });

  it('code, line by line', () => {
    const value = '.PP\n\'br\n\\n "-"';
    assert.equal(compileMan({ type: 'code', value }), '.RS 4\n.EX\n\\&.PP\n\\(aqbr\n\\en \\(dq\\-\\(dq\n.EE\n.RE\n');
  });

  it('the tag of a table, and an argument of a macro', () => {
    assert.equal(man('| a | b |\n| - | - |\n| .c | .d |'), '.TP\n\\&.c\n\\&.d');
    assert.equal(man('## A "b" c'), '.SH A \\(dqb\\(dq c');
  });
});

describe('what a man page cannot say', () => {
  it('is refused, with the line where it stands', () => {
    assert.throws(() => man('a\n\n***\n'), /^Error: man cannot say a 'thematicBreak' \(line 3 of its source\)$/);
    assert.throws(() => man('a <b>'), /man cannot say a 'html' \(line 1/);
    assert.throws(() => compileMan({ type: 'unheard-of' } as unknown as Nodes), /man cannot say a 'unheard-of'$/);
  });
});
