import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { actualOfSeries, expectedOfSeries, judgeExample } from '../src/dev/examples/example-series.js';
import { actualFindings, contradictionsIn, exampleTree, expectedFindings } from '../src/dev/examples/example-tree.js';
import type { SourceTree } from '../src/input/tree/tree.js';
import { lintTree } from '../src/lint/analysis.js';
import { defaultConfig, fixFindings, type RuleExample } from '../src/lint/index.js';
import { pageSections, readRulePage } from '../src/lint/rule-page.js';
import { createUnitStore } from '../src/program/index.js';
import { rules } from './index.js';

const rulesFolder = join(dirname(fileURLToPath(import.meta.url)), '../../rules');

/** `err-ptr-unchecked` as a variable: `errPtrUnchecked`. */
function variableOf(id: string): string {
  return id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

interface LintedExample extends ReturnType<typeof exampleTree> {
  /** Analyses the example, or the example with changes. What it read it keeps, as the command that fixes does. */
  readonly lint: (tree: SourceTree) => ReturnType<typeof lintTree>;
  readonly result: ReturnType<typeof lintTree>;
}
const linted = new Map<RuleExample, LintedExample>();

/** An example, and what is found in it. One analysis tells what is found, and what is there to fix. */
function lintExample(example: RuleExample): LintedExample {
  const known = linted.get(example);
  if (known) return known;
  const made = exampleTree(example);
  const units = createUnitStore();
  const lint: LintedExample['lint'] = (tree) => lintTree(tree, rules, defaultConfig, null, undefined, units);
  const found = { ...made, lint, result: lint(made.tree) };
  linted.set(example, found);
  return found;
}

describe('the folder rules/', () => {
  const entries = readdirSync(rulesFolder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== 'shared').map(({ name }) => name);

  it('has a list in index.ts with each rule folder, once', () => {
    const ids = rules.map((rule) => rule.id);
    for (const id of folders)
      assert.ok(
        ids.includes(id),
        `rules/index.ts lacks '${id}'; add these two lines to it:
import ${variableOf(id)} from './${id}/rule.js';
  ${variableOf(id)},   (in the list \`rules\`, beside the rules of its group)`,
      );
    assert.deepEqual([...ids].sort(), [...folders].sort(), 'the id of a rule is the name of its folder');
  });

  it('holds rule folders, shared/, index.ts and tests, and nothing else', () => {
    const others = entries.filter(({ name }) => !folders.includes(name) && !name.endsWith('.test.ts'));
    assert.deepEqual(others.map(({ name }) => name).sort(), ['index.ts', 'shared']);
    for (const id of folders)
      for (const file of ['rule.ts', 'rule.md'])
        assert.ok(existsSync(join(rulesFolder, id, file)), `rules/${id} has no ${file}`);
  });
});

for (const rule of rules) {
  const page = readRulePage(rule.id);
  describe(rule.id, () => {
    it('says how much code decides its findings', () => {
      assert.ok(['file', 'driver', 'tree'].includes(rule.scope), `scope is '${rule.scope}'`);
    });
    it('says whether it has fixes', () => {
      assert.equal(rule.hasFixes ?? false, existsSync(join(rulesFolder, rule.id, 'fix.ts')));
    });
    it('has a page with every section, and examples of both kinds', () => {
      assert.deepEqual(page.sections, pageSections);
      assert.notEqual(page.summary, '');
      assert.ok(
        page.examples.some((example) => example.isBad),
        'no bad example',
      );
      assert.ok(
        page.examples.some((example) => !example.isBad),
        'no good example',
      );
    });
    for (const example of page.examples.filter(({ kind }) => kind === 'series'))
      it(`${example.isBad ? 'flags' : 'passes'} the series on line ${example.line} of its page`, async () => {
        const expected = expectedOfSeries(example);
        assert.equal(
          expected.some((entry) => entry.endsWith(` ${rule.id}`)),
          example.isBad,
          'a bad example expects the rule, a good one does not',
        );
        assert.deepEqual(actualOfSeries(await judgeExample(example, rules, defaultConfig)), expected);
      });
    for (const example of page.examples.filter(({ kind }) => kind === 'file')) {
      it(`${example.isBad ? 'flags' : 'passes'} the example on line ${example.line} of its page`, async () => {
        const { path, result } = lintExample(example);
        const expected = expectedFindings(path, example.code);
        assert.equal(expected.length > 0, example.isBad, 'a bad example has markers, a good one has none');
        const { findings, contract } = await result;
        assert.deepEqual(actualFindings(findings), expected);
        assert.deepEqual(contradictionsIn(contract.notAnalysed), []);
      });
    }
    const hasFix = existsSync(join(rulesFolder, rule.id, 'fix.ts'));
    it('says under "How to fix" whether --fix does it', () => {
      const [, howToFix = ''] = /^## How to fix\n([\s\S]*?)^## /m.exec(page.markdown) ?? [];
      assert.equal(howToFix.includes('`--fix` does this'), hasFix);
    });
    for (const example of page.examples.filter(({ kind, isBad }) => hasFix && kind === 'file' && isBad)) {
      const isFixable = example.options['fix'] !== 'none';
      it(`${isFixable ? 'fixes' : 'does not fix'} the example on line ${example.line} of its page`, async () => {
        const { tree, result, lint } = lintExample(example);
        const outcome = await fixFindings(tree, await result, lint);
        const left = outcome.result.findings.filter((finding) => finding.rule === rule.id);
        assert.equal(left.length === 0, isFixable);
        if (isFixable) assert.deepEqual(outcome.unfixed, []);
        else assert.ok(outcome.unfixed.some(({ finding }) => finding.rule === rule.id));
      });
    }
  });
}
