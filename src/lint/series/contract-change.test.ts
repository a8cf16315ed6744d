import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TreeFacts } from '../facts/tree-facts.js';
import { contractChanges } from './contract-change.js';

const dialect = { callback: 'invalidate_mappings', notify: 'n', revocableCheck: null, markers: [] };
const importer = (file: string, ops: string, status = 'revocable') => ({
  file,
  ops,
  status,
  pins: 'never',
  callbackKind: 'unmaps',
});
type Importer = ReturnType<typeof importer>;

/** What changes for the importers, as `ops: before -> after` by status. */
function changed(before: readonly Importer[], after: readonly Importer[]): readonly string[] {
  const facts = (importers: readonly Importer[]) =>
    ({ inventory: { dialect, importers, staticImporters: [], exporters: [] } }) as unknown as TreeFacts;
  const status = (words: string | null): string => words?.split(',')[0] ?? '';
  return contractChanges(facts(before), facts(after)).map(
    (change) => `${change.name}: ${status(change.before)} -> ${status(change.after)}`,
  );
}

describe('what a series changes of the contract', () => {
  it('is not that an ops table has another name, or lies in another file', () => {
    assert.deepEqual(changed([importer('a.c', 'a_ops')], [importer('a.c', 'a_attach_ops')]), []);
    assert.deepEqual(changed([importer('a.c', 'a_ops')], [importer('b.c', 'a_ops')]), []);
  });

  it('says whether it is the callback that cannot be followed, or which member of the ops is one that is not known', () => {
    const words = (callback: string | null): string | null | undefined => {
      const added = { ...importer('a.c', 'a_ops', 'unknown'), callback, callbackKind: 'opaque' };
      const facts = (importers: readonly unknown[]) =>
        ({ inventory: { dialect, importers, staticImporters: [], exporters: [] } }) as unknown as TreeFacts;
      return contractChanges(facts([]), facts([added]))[0]?.after;
    };
    assert.equal(words('a_move'), 'not known whether revocable, never pins, its callback cannot be followed');
    assert.equal(words(null), 'not known whether revocable, never pins, what its ops have for a callback is not known');
  });

  it('is what a renamed table does in another way', () => {
    const changes = changed([importer('a.c', 'a_ops')], [importer('a.c', 'a_attach_ops', 'unsafe')]);
    assert.deepEqual(changes, ['a_attach_ops:  -> unsafe', 'a_ops: revocable -> ']);
  });

  it('is what comes and goes where nobody can say which became which', () => {
    const before = [importer('a.c', 'a_ops'), importer('a.c', 'b_ops')];
    assert.deepEqual(changed(before, [importer('a.c', 'c_ops')]), [
      'a_ops: revocable -> ',
      'b_ops: revocable -> ',
      'c_ops:  -> revocable',
    ]);
  });
});
