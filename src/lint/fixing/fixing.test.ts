import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleTree } from '../../dev/examples/example-tree.js';
import { defaultConfig } from '../config/config.js';
import type { Finding } from '../finding.js';
import { lintTree } from '../lint.js';
import type { Result } from '../result.js';
import { defineRule, type Rule } from '../rule.js';
import { applyEdits, areInConflict, type FixProposal, noFix } from './fix.js';
import { fixFindings } from './fixing.js';

const path = 'drivers/example/example.c';

/** A rule that reports the calls of `bad_*()`, each with a subject of its own, and mends them as it is told. */
function ruleWith(fix: (at: number, name: string) => FixProposal, confidence: 'high' | 'low' = 'high'): Rule {
  return defineRule({
    id: 'no-bad',
    group: 'importer',
    severity: 'error',
    scope: 'file',
    *check(contract) {
      const text = contract.codebase.program.file(path)?.text ?? '';
      for (const { index: at, 0: name } of text.matchAll(/\bbad_\w+(?=\()/g))
        yield { path, at, subject: name, confidence, message: 'is bad', trace: [], fix: () => fix(at, name) };
    },
  });
}

function replacing(instead: (name: string) => string): (at: number, name: string) => FixProposal {
  return (at, name) => ({
    kind: 'fix',
    title: `do without ${name}()`,
    reason: 'It is bad.',
    edits: [{ path, start: at, end: at + name.length, text: instead(name) }],
  });
}

async function fixed(rule: Rule, calls: string, sift: (result: Result) => Result = (result) => result) {
  const code = `#include <linux/dma-buf.h>\n\nvoid f(void)\n{\n\t${calls}\n}\n`;
  const { tree } = exampleTree({ isBad: true, code, options: { path }, line: 1 });
  const analyse = (changed: typeof tree) => lintTree(changed, [rule], defaultConfig);
  const outcome = await fixFindings(tree, sift(await analyse(tree)), analyse);
  return {
    outcome,
    text: outcome.files
      .get(path)
      ?.slice(code.indexOf('\t'))
      .replace(/\n\}\n$/, '')
      .trim(),
    because: outcome.unfixed.map(({ finding, because }) => `${finding.mark.subject}: ${because}`),
    left: outcome.result.findings.map(({ mark }) => mark.subject),
  };
}

describe('fixFindings', () => {
  it('makes the fixes that hold, and tells why it left the others', async () => {
    const wrong: Readonly<Record<string, string>> = {
      bad_kept: '1 + bad_kept',
      bad_other: 'bad_new',
      bad_syntax: 'if ((',
      bad_brace: '{ good',
    };
    const rule = ruleWith(replacing((name) => wrong[name] ?? name.replace('bad', 'good')));
    const { text, because, left } = await fixed(rule, 'bad_a(); bad_kept(); bad_b(); bad_other(); bad_c();');
    assert.equal(text, 'good_a(); bad_kept(); good_b(); bad_other(); good_c();');
    assert.deepEqual(because, [
      'bad_kept: the fix does not remove the finding',
      `bad_other: the fix causes no-bad at line 5 of ${path}`,
    ]);
    assert.deepEqual(left, ['bad_kept', 'bad_other']);
    const broken = await fixed(rule, 'bad_syntax();');
    assert.equal(broken.text, undefined);
    assert.match(broken.because.join(), /^bad_syntax: \S+ cannot be (?:parsed|analysed) with the fix/);
    assert.deepEqual((await fixed(rule, 'bad_brace();')).because, [`bad_brace: ${path} cannot be parsed with the fix`]);
    const headless = (at: number, name: string): FixProposal => ({
      kind: 'fix',
      title: 'do without f()',
      reason: 'It is bad.',
      edits: [{ path, start: at - '\n{\n\t'.length, end: at + `${name}();\n}`.length, text: ';' }],
    });
    assert.deepEqual((await fixed(ruleWith(headless), 'bad_a();')).because, ['bad_a: f cannot be parsed with the fix']);
  });

  it('makes no fix for what is not sure, and none where the rule has none', async () => {
    const good = replacing(() => 'good');
    assert.deepEqual((await fixed(ruleWith(good, 'low'), 'bad_a();')).because, [
      'bad_a: the confidence of the finding is low',
    ]);
    assert.deepEqual(
      (
        await fixed(
          ruleWith(() => noFix('it is too bad')),
          'bad_a();',
        )
      ).because,
      ['bad_a: it is too bad'],
    );
  });

  it('leaves the second of two fixes of the same text for another run', async () => {
    const whole = (at: number, name: string): FixProposal => ({
      kind: 'fix',
      title: 'replace all',
      reason: 'It is bad.',
      edits: [
        { path, start: name === 'bad_a' ? at : at - 9, end: at + name.length, text: name.replace('bad', 'good') },
      ],
    });
    const { because } = await fixed(ruleWith(whole), 'bad_a(); bad_b();');
    assert.deepEqual(because, ['bad_b: another fix changes the same text; run the command again']);
  });

  it('fixes only what is wanted', async () => {
    const code = '#include <linux/dma-buf.h>\n\nvoid f(void)\n{\n\tbad_a();\n\tbad_b();\n}\n';
    const { tree } = exampleTree({ isBad: true, code, options: { path }, line: 1 });
    const analyse = (changed: typeof tree) => lintTree(changed, [ruleWith(replacing(() => 'good'))], defaultConfig);
    const isWanted = ({ mark }: Finding): boolean => mark.subject === 'bad_b';
    const { files, result } = await fixFindings(tree, await analyse(tree), analyse, { isWanted });
    assert.equal(files.get(path), code.replace('bad_b', 'good'));
    assert.deepEqual(
      result.findings.map(({ mark }) => mark.subject),
      ['bad_a'],
    );
  });

  it('leaves alone what is old, and still calls it old afterwards', async () => {
    const sift = (result: Result): Result => ({
      ...result,
      findings: result.findings.slice(1),
      known: {
        against: ['HEAD'],
        unchanged: result.findings.slice(0, 1).map((finding) => ({ finding, reason: 'later' })),
        fixed: [],
        notLookedAt: 0,
      },
    });
    // Both stand on one line: that of the old one is another with the fix.
    const { text, left, outcome } = await fixed(ruleWith(replacing(() => 'good')), 'bad_a(); bad_b();', sift);
    assert.equal(text, 'bad_a(); good();');
    assert.deepEqual(left, []);
    assert.deepEqual(
      outcome.result.known?.unchanged.map(({ finding, reason }) => [finding.mark.subject, reason]),
      [['bad_a', 'later']],
    );
    assert.deepEqual(outcome.result.known?.fixed, []);
  });
});

describe('edits', () => {
  const edit = (start: number, end: number, text = 'x') => ({ path, start, end, text });

  it('are in conflict where they overlap or insert at one place, unless they are the same', () => {
    assert.ok(areInConflict(edit(0, 3), edit(2, 4)));
    assert.ok(areInConflict(edit(1, 1, 'a'), edit(1, 1, 'b')));
    assert.ok(!areInConflict(edit(1, 1), edit(1, 1)));
    assert.ok(!areInConflict(edit(0, 2), edit(2, 4)));
    assert.ok(!areInConflict(edit(0, 3), { ...edit(2, 4), path: 'other.c' }));
  });

  it('are made in their order in the text, the same one once, with the line ends of the text', () => {
    assert.equal(applyEdits('abcd', [edit(3, 4, 'D'), edit(0, 1, 'A'), edit(3, 4, 'D')]), 'AbcD');
    assert.equal(applyEdits('a\r\nb', [edit(3, 3, 'x\n')]), 'a\r\nx\r\nb');
  });
});
