import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rules } from '../../rules/index.js';
import { defineRule } from '../lint/index.js';
import { parseRulePage, readRulePage } from '../lint/rule-page.js';
import { pageText } from './page.js';

const rule = defineRule({ id: 'some_rule', group: 'importer', severity: 'warning', check: () => [] });

/** The page of a rule for a terminal, without colour. */
function text(markdown: string): string {
  return pageText(parseRulePage('some_rule', markdown), rule, false);
}

describe('a rule page in a terminal', () => {
  it('has title, severity and group first', () => {
    assert.equal(text('# some-rule\n\nSummary.\n'), 'some-rule\n\nSeverity: warning. Group: importer.\n\nSummary.\n');
  });

  it('indents code, and leaves out fences and what they say to the tests', () => {
    assert.match(text('# x\n\n```c bad path=a.c\nint a;\n\n\tb();\n```\n'), /\n\n {4}int a;\n\n {4}\tb\(\);\n$/);
    assert.doesNotMatch(text('# x\n\n```c bad path=a.c\nint a;\n```\n'), /```|path=/);
  });

  it('has no Markdown escapes left, in headings neither', () => {
    const marks = 'dma_buf_a_b, a * b, [x], <y>, a & b, a ~ b, a ~~ b, 1 + 2, a | b, #x, !a, (b), c\\d';
    const page = text(
      `# some_rule_x\n\n${marks.replace(/[\\`*_[\]<>&~+|#!()]/g, '\\$&')}\n\n## A _b_c_ d\\_e\\*f\n\n1\\. no list\n\n\\- no list\n\n\\+ none\n`,
    );
    assert.ok(page.includes(marks), page);
    assert.ok(page.includes('some_rule_x'), page);
    assert.ok(page.includes('d_e*f'), page);
    for (const line of ['1. no list', '- no list', '+ none']) assert.ok(page.includes(`\n${line}\n`), page);
  });

  it('keeps a backslash that stands in code', () => {
    assert.match(
      text('# x\n\nEnds in `\\n` and `a\\_b`.\n\n```c\nputs("\\_");\n```\n'),
      /`\\n` and `a\\_b`[\s\S]*puts\("\\_"\)/,
    );
  });

  it('marks headings where there is colour, and nothing else changes', () => {
    const page = parseRulePage('x', '# x\n\n## What\n\nText.\n');
    const coloured = pageText(page, rule, true);
    assert.ok(coloured.includes('\u001b[1mWhat\u001b[22m'));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    assert.equal(coloured.replace(/\u001b\[\d+m/g, ''), pageText(page, rule, false));
  });

  for (const real of rules)
    it(`is readable for ${real.id}`, () => {
      const shown = pageText(readRulePage(real.id), real, false);
      const prose = shown
        .split('\n')
        .filter((line) => !line.startsWith('    '))
        .join('\n')
        .replace(/`[^`]*`/g, '');
      assert.doesNotMatch(prose, /\\[!-/:-@[-`{-~]|&#x|^```/m);
      assert.match(shown, new RegExp(`^${real.id}\n\nSeverity: ${real.severity}\\. Group: ${real.group}\\.\n`));
    });
});
