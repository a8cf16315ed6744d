import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRulePage, readRulePage } from './rule-page.js';

const page = parseRulePage(
  'some-rule',
  `# some-rule

It finds \`a()\` where
*nobody* asks.

## What it checks

More.

## Bad

\`\`\`c bad dialect=move_notify path=drivers/a/b.c
a(); /* expect: some-rule */
\`\`\`

\`\`\`c
no_example();
\`\`\`

## Good

\`\`\`c good
b();
\`\`\`

\`\`\`sh bad
c
\`\`\`

\`\`\`c badly
d();
\`\`\`
`,
);

describe('a rule page', () => {
  it('has the first paragraph as its summary, on one line and without marks', () => {
    assert.equal(page.summary, 'It finds a() where nobody asks.');
  });

  it('has its sections in order', () => {
    assert.deepEqual(page.sections, ['What it checks', 'Bad', 'Good']);
  });

  it('has the fences marked bad or good as examples, with options and line', () => {
    assert.deepEqual(page.examples, [
      {
        isBad: true,
        kind: 'file',
        code: 'a(); /* expect: some-rule */\n',
        options: { dialect: 'move_notify', path: 'drivers/a/b.c' },
        line: 12,
      },
      { isBad: false, kind: 'file', code: 'b();\n', options: {}, line: 22 },
    ]);
  });

  it('is empty where the file is', () => {
    const { summary, sections, examples } = parseRulePage('x', '');
    assert.deepEqual({ summary, sections, examples }, { summary: '', sections: [], examples: [] });
  });

  it('cannot be read where there is none', () => {
    assert.throws(() => readRulePage('nosuchrule'));
  });
});
