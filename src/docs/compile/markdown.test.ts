import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Nodes } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { compileMarkdown } from './markdown.js';

describe('Markdown as our pages are written', () => {
  const pages: Readonly<Record<string, string>> = {
    'headings and paragraphs, whose lines stay': '# a\n\n## b\n\nc\nd\n',
    'words that stand out': '*a* **b** `c|d` [e](f.md)\n',
    lists: '- a\n- b\n  - c\n\n3. d\n4. e\n',
    code: '```c\n\ta \\ b\n```\n',
    'tables, whose columns are not aligned': '| a | bbb |\n| - | - |\n| ccc | `d\\|e` |\n',
    'signs that would mean something': '\\*a\\* \\_b\\_ \\`c\\` \\[d]\n\n\\- e\n\n1\\. f\n\n\\# g\n',
  };
  for (const [what, markdown] of Object.entries(pages))
    it(`keeps ${what}`, () => {
      assert.equal(compileMarkdown(unified().use(remarkParse).use(remarkGfm).parse(markdown)), markdown);
    });

  it('makes plain text safe', () => {
    assert.equal(
      compileMarkdown({ type: 'paragraph', children: [{ type: 'text', value: '* a `b` <c>' }] }),
      '\\* a \\`b\\` \\<c>\n',
    );
  });

  it('refuses a node that it does not know', () => {
    assert.throws(() => compileMarkdown({ type: 'unheard-of' } as unknown as Nodes), /unknown node `unheard-of`/);
  });
});
