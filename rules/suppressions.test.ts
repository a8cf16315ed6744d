import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleTree } from '../src/dev/examples/example-tree.js';
import { lintTree } from '../src/lint/analysis.js';
import { defaultConfig } from '../src/lint/index.js';
import { rules } from './index.js';

/** What the rules about suppressions say of one comment. */
async function said(comment: string): Promise<readonly string[]> {
  const { tree } = exampleTree({ isBad: true, code: `/* dma_buf_ */\n${comment}\n`, options: {}, line: 1 });
  return (await lintTree(tree, rules, defaultConfig)).findings.map(({ rule, message }) => `${rule}: ${message}`);
}

describe('the rules about suppressions', () => {
  const cases: Readonly<Record<string, string>> = {
    'disable pin-unchecked':
      "invalid-suppression: 'dmabuf-lint:' is followed by 'disable' instead of 'ignore': nothing is suppressed",
    '': "invalid-suppression: 'dmabuf-lint:' is followed by no word instead of 'ignore': nothing is suppressed",
    'ignore -- why': 'invalid-suppression: suppression names no rule: nothing is suppressed',
    'ignore pin-unchecked': "invalid-suppression: suppression gives no reason after ' -- ': nothing is suppressed",
    'ignore pin-uncheked -- why':
      "invalid-suppression: suppression of unknown rule 'pin-uncheked' (did you mean 'pin-unchecked'?): nothing is suppressed by that name",
    'ignore nosuchrule -- why':
      "invalid-suppression: suppression of unknown rule 'nosuchrule': nothing is suppressed by that name",
    'ignore unused-suppression -- why':
      "invalid-suppression: suppression of 'unused-suppression', a rule about suppressions: only the configuration can change it",
    'ignore pin-unchecked -- why':
      "unused-suppression: 'pin-unchecked' has nothing to report here: the suppression would only hide a later mistake",
  };
  for (const [order, message] of Object.entries(cases))
    it(`say what is wrong with '${order}'`, async () => {
      assert.deepEqual(await said(`/* dmabuf-lint: ${order} */`), [message]);
    });

  it('say which comment suppresses a finding already', async () => {
    const order = '/* dmabuf-lint: ignore stale-name-in-comment -- why */';
    assert.deepEqual(await said(`${order}\n${order} /* dma_buf_move_notify() */`), [
      "unused-suppression: 'stale-name-in-comment' is suppressed here by line 3 already: this suppression has no effect",
    ]);
  });

  it('know no suppression in a document', async () => {
    const { tree } = exampleTree({
      isBad: true,
      code: 'dma_buf_move_notify() /* dmabuf-lint: ignore stale-name-in-comment -- why */\n',
      options: { path: 'Documentation/driver-api/dma-buf.rst' },
      line: 1,
    });
    const { findings, suppressed } = await lintTree(tree, rules, defaultConfig);
    assert.deepEqual([findings.map(({ rule }) => rule), suppressed], [['stale-name-in-comment'], []]);
  });
});
