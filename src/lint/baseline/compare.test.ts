import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TreeFacts } from '../facts/tree-facts.js';
import { type Finding, fingerprintOf } from '../finding.js';
import { compareTrees, type Difference, isSameFinding } from './compare.js';

function finding(changes: Partial<Finding> & { readonly sourceLine?: string } = {}): Finding {
  const { sourceLine = 'dma_buf_pin(attach);', ...others } = changes;
  const { rule = 'pin-leak', file = 'drivers/a.c' } = others;
  const mark = { subject: 'a_import', sourceLine, occurrence: 0 };
  return {
    rule,
    severity: 'error',
    confidence: 'high',
    file,
    line: 10,
    column: 2,
    message: 'a pin is left behind',
    trace: [{ file, line: 14, message: 'a_import() leaves here' }],
    fingerprint: fingerprintOf(rule, file, mark),
    mark,
    ...others,
  };
}

const dialect = { callback: 'move_notify', notify: 'dma_buf_move_notify', revocableCheck: null, markers: [] } as const;

function tree(...findings: readonly Finding[]): TreeFacts {
  return {
    kernelVersion: null,
    inventory: { dialect, importers: [], staticImporters: [], exporters: [] },
    fixable: [],
    callbackKinds: [],
    callbackRequired: true,
    declared: [],
    apiNames: [],
    members: [],
    unknownUses: [],
    certainRevokers: [],
    testFiles: [],
    negotiation: { importers: [], exporters: [], cells: [] },
    findings,
    suppressed: [],
    suppressions: [],
    notAnalysed: [],
    stats: { filesSeen: 1, filesParsed: 1, functions: 0 },
  };
}

function difference(changes: Partial<Difference> = {}): Difference {
  return { renames: new Map(), changedLines: new Map(), ...changes };
}

const changed = (path: string, ...lines: readonly number[]) =>
  difference({ changedLines: new Map([[path, new Set(lines)]]) });

describe('what is new between two trees', () => {
  it('is a finding that the former tree has not', () => {
    const one = finding();
    assert.deepEqual(compareTrees(tree(), tree(one), difference()), { introduced: [one], fixed: [], unchanged: [] });
  });

  it('is fixed when the later tree has it not', () => {
    const one = finding();
    assert.deepEqual(compareTrees(tree(one), tree(), difference()), { introduced: [], fixed: [one], unchanged: [] });
  });

  it('is no finding that has only moved to another line', () => {
    const moved = finding({ line: 30, trace: [{ file: 'drivers/a.c', line: 34, message: 'a_import() leaves here' }] });
    assert.deepEqual(compareTrees(tree(finding()), tree(moved), changed('drivers/a.c', 1, 2)).introduced, []);
  });

  it('is no finding whose file was renamed', () => {
    const before = finding();
    const after = finding({
      file: 'drivers/b.c',
      trace: [{ file: 'drivers/b.c', line: 14, message: 'a_import() leaves here' }],
    });
    const renames = new Map([['drivers/b.c', 'drivers/a.c']]);
    assert.deepEqual(compareTrees(tree(before), tree(after), difference({ renames })), {
      introduced: [],
      fixed: [],
      unchanged: [after],
    });
  });

  it('is no finding of which only the name of the API changed', () => {
    const before = finding({ sourceLine: '.move_notify = a_notify,' });
    const after = finding({ sourceLine: '.invalidate_mappings = a_notify,' });
    assert.deepEqual(compareTrees(tree(before), tree(after), changed('drivers/a.c', 10)), {
      introduced: [],
      fixed: [],
      unchanged: [after],
    });
    assert.ok(isSameFinding(before, after));
  });

  it('is a finding whose trace tells something else on a changed line: the cause may lie far from what is reported', () => {
    const before = finding();
    const after = finding({ trace: [{ file: 'drivers/a.c', line: 12, message: 'under !sgt' }, ...before.trace] });
    assert.deepEqual(compareTrees(tree(before), tree(after), changed('drivers/a.c', 12)).introduced, [after]);
    assert.deepEqual(compareTrees(tree(before), tree(after), changed('drivers/a.c', 11)).introduced, []);
  });

  it('is no finding whose trace tells the same on a line that was only touched', () => {
    assert.deepEqual(compareTrees(tree(finding()), tree(finding()), changed('drivers/a.c', 10, 14)).introduced, []);
  });

  it('is no finding whose trace tells the same of a function that was renamed, and one that names another function', () => {
    const step = (name: string) =>
      finding({ trace: [{ file: 'drivers/a.c', line: 14, message: `${name}() pins here` }] });
    const [before, after] = [step('dma_buf_pin'), step('dma_buf_hold')];
    const now = (row: string) => ({ ...tree(after), apiNames: [{ row, name: 'dma_buf_hold' }] });
    const introduced = (row: string) => compareTrees(tree(before), now(row), changed('drivers/a.c', 14)).introduced;
    assert.deepEqual(introduced('dma_buf_pin'), []);
    assert.deepEqual(introduced('dma_buf_vmap'), [after]);
    const back = compareTrees({ ...now('dma_buf_pin') }, tree(before), changed('drivers/a.c', 14));
    assert.deepEqual(back.introduced, []);
  });

  it('counts each of several that are alike once', () => {
    const again = finding();
    const second = { ...again, mark: { ...again.mark, occurrence: 1 }, fingerprint: 'another' };
    const { introduced, unchanged } = compareTrees(tree(again), tree(again, second), difference());
    assert.deepEqual([unchanged, introduced], [[again], [second]]);
  });
});
