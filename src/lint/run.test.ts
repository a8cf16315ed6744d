import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleTree } from '../dev/examples/example-tree.js';
import { type Config, defaultConfig } from './config/config.js';
import { isAtLeast, oneLower } from './finding.js';
import { lintTree } from './lint.js';
import { defineRule, type Rule } from './rule.js';

const example = 'drivers/example/example.c';

/** A rule that reports every call of a function in the example, last one first. */
function flags(id: string, word: string, severity: Rule['severity'] = 'error', path = example): Rule {
  return defineRule({
    id,
    group: 'importer',
    severity,
    scope: 'file',
    *check(contract) {
      const text = contract.codebase.program.file(path)?.text ?? '';
      for (const match of [...text.matchAll(new RegExp(`${word}\\(`, 'g'))].reverse())
        yield {
          path,
          at: match.index,
          subject: 'subject',
          confidence: 'high',
          message: `${word}() is called`,
          trace: [],
        };
    },
  });
}

async function findings(code: string, rules: readonly Rule[], config: Partial<Config> = {}, path = example) {
  const { tree } = exampleTree({
    isBad: true,
    code: `#include <linux/dma-buf.h>\n${code}`,
    options: { path },
    line: 1,
  });
  return (await lintTree(tree, rules, { ...defaultConfig, ...config })).findings;
}

describe('findings', () => {
  it('stand where the rule reports them, line and column from 1', async () => {
    const [finding, ...others] = await findings('void f(void)\n{\n\tdma_buf_a();\n}\n', [flags('r', 'dma_buf_a')]);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [finding?.file, finding?.line, finding?.column, finding?.message],
      [example, 4, 2, 'dma_buf_a() is called'],
    );
  });

  it('come by line, column and rule, whatever order the rules report in', async () => {
    const code = 'void f(void)\n{\n\ta(); b();\n\tb(); a();\n}\n';
    const list = await findings(code, [flags('z', 'b'), flags('y', 'a'), flags('x', 'a')]);
    assert.deepEqual(
      list.map(({ line, column, rule }) => `${line}:${column} ${rule}`),
      ['4:2 x', '4:2 y', '4:7 z', '5:2 z', '5:7 x', '5:7 y'],
    );
  });

  it('say under which condition alone they hold', async () => {
    const [under, beside] = await findings('#ifdef CONFIG_A\nvoid f(void) { a(); }\n#endif\nvoid g(void) { a(); }\n', [
      flags('r', 'a'),
    ]);
    assert.equal(under?.message, 'a() is called (only under #ifdef CONFIG_A)');
    assert.equal(beside?.message, 'a() is called');
  });
});

describe('fingerprints', () => {
  const rules = [flags('r', 'a')];
  const prints = async (code: string, own = rules) => (await findings(code, own)).map((finding) => finding.fingerprint);
  const code = 'void f(void)\n{\n\ta(1);\n\tb();\n\ta(2);\n}\n';

  it('stay when lines move or are indented in another way', async () => {
    const before = await prints(code);
    assert.deepEqual(await prints(`\n/* more */\n\n${code}`), before);
    assert.deepEqual(await prints(code.replaceAll('\t', '\t\t   ')), before);
    assert.deepEqual(await prints(code.replaceAll('\n', '\r\n')), before);
  });

  it('change with the line itself, and with the rule', async () => {
    const [before] = await prints(code);
    assert.notEqual((await prints(code.replace('a(1)', 'a(3)')))[0], before);
    assert.notEqual((await prints(code, [flags('s', 'a')]))[0], before);
  });

  it('differ for two equal lines', async () => {
    const list = await prints('void f(void)\n{\n\ta(1);\n\ta(1);\n\ta(1);\n}\n');
    assert.equal(list.length, 3);
    assert.equal(new Set(list).size, 3);
  });

  it('are the same set when one of two equal lines goes, less one', async () => {
    const two = await prints('void f(void)\n{\n\ta(1);\n\ta(1);\n}\n');
    const one = await prints('void f(void)\n{\n\ta(1);\n}\n');
    assert.equal(two.filter((print) => one.includes(print)).length, 1);
  });
});

describe('severity', () => {
  const code = 'void f(void) { a(); }\n';

  it("is the rule's own, unless the configuration says otherwise", async () => {
    assert.equal((await findings(code, [flags('r', 'a', 'warning')]))[0]?.severity, 'warning');
    assert.equal((await findings(code, [flags('r', 'a', 'warning')], { rules: { r: 'error' } }))[0]?.severity, 'error');
    assert.equal((await findings(code, [flags('r', 'a', 'error')], { rules: { r: 'note' } }))[0]?.severity, 'note');
  });

  it('is nothing for a rule that is off, and the others stay', async () => {
    const list = await findings(code, [flags('r', 'a'), flags('s', 'a')], { rules: { r: 'off' } });
    assert.deepEqual(
      list.map((finding) => finding.rule),
      ['s'],
    );
  });

  it('falls by one in test code, and the finding says so', async () => {
    for (const path of ['drivers/x/tests/a.c', 'tools/testing/selftests/a.c', 'drivers/x/selftest.c']) {
      const [error] = await findings(code, [flags('r', 'a', 'error', path)], {}, path);
      assert.deepEqual([error?.severity, error?.message], ['warning', 'a() is called (in test code)'], path);
      const [note] = await findings(code, [flags('r', 'a', 'note', path)], {}, path);
      assert.equal(note?.severity, 'note');
    }
  });

  it('falls by one in a file that defines KUnit tests, whatever its name', async () => {
    const severityIn = async (before: string): Promise<string | undefined> =>
      (await findings(`${before}\n${code}`, [flags('r', 'a', 'error')]))[0]?.severity;
    const include = '#include <kunit/test.h>\n';
    assert.equal(await severityIn(`${include}static void t(struct kunit *test) { }`), 'warning');
    assert.equal(await severityIn(`${include}static struct kunit_case cases[] = { {} };`), 'warning');
    // A driver includes the header for its stubs, or has tests of its own under an option.
    assert.equal(await severityIn(include), 'error');
    assert.equal(await severityIn('static void t(struct kunit *test) { }'), 'error');
    const option = '#if IS_ENABLED(CONFIG_EX_TEST)\n';
    assert.equal(await severityIn(`${option}${include}static void t(struct kunit *test) { }\n#endif`), 'error');
    assert.equal(await severityIn(`${include}${option}static void t(struct kunit *test) { }\n#endif`), 'error');
  });

  it('has an order', () => {
    assert.deepEqual([oneLower('error'), oneLower('warning'), oneLower('note')], ['warning', 'note', 'note']);
    assert.equal(isAtLeast('error', 'warning'), true);
    assert.equal(isAtLeast('warning', 'warning'), true);
    assert.equal(isAtLeast('note', 'warning'), false);
  });
});
