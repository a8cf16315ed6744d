import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { buildContract } from '../../contract/index.js';
import { openFolder } from '../../input/tree/tree.js';
import { runRules } from '../../lint/analysis.js';
import { defaultConfig, type Finding } from '../../lint/index.js';
import { oneOfSome } from '../run/cases.js';
import { kernelTree } from './kernel-cache.js';
import { scanOfKernel } from './kernel-scan.js';

const version = '6.12';

/** What tells a finding from every other, with the way that leads to it. */
const keyOf = ({ file, line, rule, severity, confidence, message, trace }: Omit<Finding, 'mark' | 'column'>): string =>
  `${file}:${line} ${severity} ${confidence} ${rule} ${message} ${trace.map((step) => `${step.file}:${step.line}`).join(' ')}`;

describe('threads that follow the paths of a kernel', () => {
  // CI has two processors, where no scan starts threads; a unit test compares them on fixtures in every commit.
  it('find what a scan finds, and count as much', oneOfSome(false), async () => {
    const { result } = await scanOfKernel(version);
    const options = { markers: [], attributeWords: [], leftOut: [], threads: 2 };
    const contract = await buildContract(openFolder(kernelTree(version)), options);
    await contract.settle(() => undefined);
    const { findings } = runRules(contract, rules, defaultConfig);
    assert.ok(findings.length > 10);
    assert.deepEqual(findings.map(keyOf), result.findings.map(keyOf));
    const { program } = contract.codebase;
    assert.deepEqual(
      [program.parsedFiles(), program.loweredFunctions()],
      [result.stats.filesParsed, result.stats.functions],
    );
  });
});
