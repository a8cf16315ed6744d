import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileMarkdown } from './compile/markdown.js';
import { compileRest } from './compile/rest.js';
import { noSubstitutes, parseText, renderText, type Substitutes, sectionsOf } from './source.js';

const substitutes: Substitutes = {
  flags: new Map([
    ['old', true],
    ['marked', false],
  ]),
  names: new Map([['callback', 'move_notify']]),
  phrases: new Map([['who', [{ type: 'inlineCode', value: 'x_ops' }]]]),
  blocks: new Map([['list', [{ type: 'paragraph', children: [{ type: 'text', value: 'listed' }] }]]]),
};

function written(markdown: string): string {
  return renderText(markdown, substitutes, compileMarkdown).trim();
}

describe('our texts', () => {
  it('get the names of a tree, in words and in code', () => {
    assert.equal(written('The {callback} is `{callback}`, by {who}.'), 'The move_notify is `move_notify`, by `x_ops`.');
    assert.equal(
      written('```c\nx.{callback}();\nint a[] = { 1 };\n```'),
      '```c\nx.move_notify();\nint a[] = { 1 };\n```',
    );
  });

  it('keep what holds', () => {
    assert.equal(written(':::when{is="old"}\nyes\n:::\n\n:::when{is="old marked"}\nno\n:::'), 'yes');
    assert.equal(written(':::when{is="!marked"}\nyes\n:::'), 'yes');
    assert.equal(written('one:when[ and two]{is="old"}:when[ and three]{is="marked"}.'), 'one and two.');
  });

  it('do not ask for what an alternative that does not hold would need', () => {
    assert.equal(written(':::when{is="marked"}\n{nobody-knows}\n:::\n\nend'), 'end');
  });

  it('get lists and tables', () => {
    assert.equal(written('before\n\n::list'), 'before\n\nlisted');
  });

  it('include what several of them say', () => {
    const own = {
      ...substitutes,
      flags: new Map([
        ['has-fence-usage', true],
        ['in-notify', false],
        ['elsewhere', true],
      ]),
    };
    const names = new Map(['notify', 'wait', 'usage'].map((name) => [name, `the_${name}`]));
    const text = renderText('Steps:\n\n::include{name="revoke-steps"}\n\nend', { ...own, names }, compileMarkdown);
    assert.match(text, /^Steps:\n\n1\. [\s\S]*\n2\. Call `the_notify\(\)`\.\n3\. [\s\S]*\n\nend\n$/);
  });

  it('include a part only where the condition in its front matter holds', () => {
    const names = new Map([['callback', 'the_callback']]);
    const page = (hasTypes: boolean): string => {
      const flags = new Map([['has-mapping-types', hasTypes]]);
      return renderText(
        'before\n\n::include{name="mapping-types"}\n',
        { ...substitutes, names, flags },
        compileMarkdown,
      );
    };
    assert.equal(page(false), 'before\n');
    assert.match(page(true), /^before\n\n## Mapping types\n\n[\s\S]*fails with `-EOPNOTSUPP`[\s\S]*`the_callback`/);
  });

  it('are refused where they ask for what there is not', () => {
    for (const text of [
      '::include',
      '::include{name="nobody"}',
      '{nobody}',
      '`{nobody}`',
      ':::when{is="nobody"}\nx\n:::',
      '::nobody',
      ':::other\nx\n:::',
      'a:b c',
    ])
      assert.throws(() => written(text), Error, text);
  });

  it('are refused by a format that cannot say what they contain', () => {
    assert.throws(() => renderText('![picture](x.png)', noSubstitutes, compileRest), /reST cannot say a 'image'/);
  });

  it('have sections', () => {
    const sections = sectionsOf(parseText('# T\n\nintro\n\n## a\n\none\n\n## b\n\ntwo\n'), 2);
    assert.deepEqual(
      sections.map(({ title, root }) => [title, compileMarkdown(root)]),
      [
        ['a', 'one\n'],
        ['b', 'two\n'],
      ],
    );
  });
});
