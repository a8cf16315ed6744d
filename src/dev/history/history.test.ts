import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import type { Finding } from '../../lint/index.js';
import type { RealFix } from './real-fix.js';
import { findingsOf, realFixes } from './real-fixes.js';

describe('bugs that later releases fixed', () => {
  const known = new Set(rules.map(({ id }) => id));

  for (const [version, fixes] of realFixes)
    it(`of Linux ${version} name rules that exist, and each place once`, () => {
      assert.deepEqual(
        fixes.flatMap((fix) => fix.rules.filter((rule) => !known.has(rule))),
        [],
      );
      assert.equal(new Set(fixes.map(({ file, line }) => `${file}:${line}`)).size, fixes.length);
    });

  const fix: RealFix = { file: 'drivers/a.c', line: 100, function: 'f', rules: ['map-leak'], what: 'it stays mapped' };
  const at = (file: string, line: number, rule: string): Finding => ({ file, line, rule }) as Finding;

  it('are told by a finding of one of their rules near the place', () => {
    assert.equal(findingsOf(fix, [at('drivers/a.c', 88, 'map-leak')]).length, 1);
  });

  it('are not told by another rule, in another file, or far away', () => {
    const others = [
      at('drivers/a.c', 100, 'attach-leak'),
      at('drivers/b.c', 100, 'map-leak'),
      at('drivers/a.c', 141, 'map-leak'),
    ];
    assert.deepEqual(findingsOf(fix, others), []);
  });
});
