import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { defineRule } from '../../lint/index.js';
import { parseRulePage, readRulePage } from '../../lint/rule-page.js';
import { compileMan } from '../compile/man.js';
import { compileMarkdown } from '../compile/markdown.js';
import { terminalCompiler } from '../compile/terminal.js';
import { ruleIndexTree, rulePageTree } from './rule-page.js';

const rule = defineRule({ id: 'some-rule', group: 'importer', severity: 'warning', scope: 'file', check: () => [] });
const compileText = terminalCompiler({ bold: (text) => text, plain: (text) => text });

function entry(markdown: string) {
  return { rule, page: parseRulePage('some-rule', markdown) };
}

describe('a rule page', () => {
  it('has title, severity and group first', () => {
    assert.equal(
      compileMarkdown(rulePageTree(entry('# some-rule\n\nSummary.\n'))),
      '# some-rule\n\nSeverity: warning. Group: importer.\n\nSummary.\n',
    );
  });

  it('leaves out what its fences say to the tests, and does not change the page that they read', () => {
    const read = entry('# x\n\n```c bad path=a.c\nint a;\n```\n\n```diff good tree=t\n+a\n```\n');
    const markdown = compileMarkdown(rulePageTree(read));
    assert.match(markdown, /\n```c\nint a;\n```\n\n```diff\n/);
    assert.doesNotMatch(markdown, /bad|path=|tree=/);
    assert.equal(read.page.examples[0]?.options['path'], 'a.c');
  });

  for (const real of rules)
    it(`can be written in every format for ${real.id}`, () => {
      const tree = rulePageTree({ rule: real, page: readRulePage(real.id) });
      assert.match(compileMarkdown(tree), new RegExp(`^# ${real.id}\n\nSeverity: ${real.severity}\\. `));
      const text = compileText(tree);
      assert.match(text, new RegExp(`^${real.id}\n\nSeverity: ${real.severity}\\. Group: ${real.group}\\.\n`));
      assert.match(text, /\nHow to fix\n/);
      assertReadable(text);
      const man = compileMan(tree);
      assert.match(man, /^\.SH How to fix$/m);
      assert.doesNotMatch(man.replace(/^\.EX$[\s\S]*?^\.EE$/gm, '.EX'), /\n\n/, 'a blank line outside of code');
    });
});

/** No mark of Markdown is left in prose, and no line is too long. */
function assertReadable(text: string): void {
  const prose = text.split('\n').filter((line) => !line.startsWith('    '));
  assert.doesNotMatch(prose.join('\n').replace(/`[^`]*`/g, ''), /\\[!-/:-@[-`{-~]|&#x|^```/m);
  for (const line of prose) assert.ok(line.length <= 80 || !line.includes(' '), line);
}

describe('the index of the rules', () => {
  it('links to every page, and keeps what is marked in a summary', () => {
    assert.equal(
      compileMarkdown(ruleIndexTree([entry('# x\n\nUses `a|b`,\nor | not.\n')])),
      [
        '# Rules',
        '',
        '| rule | severity | group | what it finds |',
        '| - | - | - | - |',
        '| [some-rule](some-rule.md) | warning | importer | Uses `a\\|b`, or \\| not. |',
        '',
      ].join('\n'),
    );
  });
});
