import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { buildContract, type Contract } from '../src/contract/index.js';
import { fixturesFolder } from '../src/dev/example-tree.js';
import { openFolder } from '../src/input/tree.js';

const contractOf = (name: string): Promise<Contract> => buildContract(openFolder(join(fixturesFolder, name)));

/** What the model says of each importer, in the words of the result. */
function importers({ importers }: Contract): Readonly<Record<string, string>> {
  return Object.fromEntries(
    importers.map(({ table, verdict, pins, status }) => [table.name, `${verdict.kind}, pins ${pins}, ${status}`]),
  );
}

describe('the model of the fixture trees', () => {
  it('tells apart two tables that reach one attach through the same parameters', async () => {
    const contract = await contractOf('move-notify');
    const found = importers(contract);
    assert.equal(found['rnic_umem_pinned_ops'], 'stub, pins always, undeclared-non-revocable');
    assert.equal(found['rnic_umem_odp_ops'], 'unmaps, pins never, revocable');
    const pinned = contract.importers.find(({ table }) => table.name === 'rnic_umem_pinned_ops');
    const frames = pinned?.reaches.map((reach) => reach.frames.map((frame) => frame.ref.outline.name));
    assert.deepEqual(frames, [['rnic_umem_attach_dev', 'rnic_umem_attach', 'rnic_umem_get_pinned']]);
    assert.ok(pinned?.usedBy.every(({ file }) => !file.startsWith('drivers/rnic/core/')));
    assert.notEqual(pinned?.usedBy.length, 0);
  });

  it('sees the table that an #if chooses, the one that is declared first, and the positional one', async () => {
    const found = importers(await contractOf('move-notify'));
    assert.equal(found['choo_full_ops'], 'unmaps, pins never, revocable');
    assert.equal(found['choo_basic_ops'], 'stub, pins never, unsafe');
    assert.equal(found['tent_attach_ops'], 'stub, pins never, unsafe');
    assert.equal(found['posn_attach_ops'], 'stub, pins never, unsafe');
  });

  it('follows callbacks through slots, work items, and other modules', async () => {
    const found = importers(await contractOf('invalidate-mappings'));
    assert.equal(found['slot_ops'], 'unmaps, pins never, revocable');
    assert.equal(found['defr_ops'], 'unmaps, pins never, revocable');
    assert.equal(found['dsp_attach_ops'], 'unmaps, pins never, revocable');
    assert.equal(found['prange_phys_ops'], 'blocks-access, pins always, revocable');
    assert.equal(found['scan_ops'], 'absent, pins always, declared-non-revocable');
  });

  it('reads the marker field from the struct, set or not', async () => {
    const contract = await contractOf('marker-field');
    assert.deepEqual(contract.dialect.markers, [{ field: 'cannot_revoke', setMeansCannot: true }]);
    const found = importers(contract);
    assert.equal(found['mark_ops'], 'stub, pins always, declared-non-revocable');
    assert.equal(found['posm_ops'], 'stub, pins always, declared-non-revocable');
    assert.equal(found['unmk_ops'], 'stub, pins always, undeclared-non-revocable');
  });

  it('knows who refuses, who revokes, and what a copied table is completed with', async () => {
    const contract = await contractOf('move-notify');
    const facts = Object.fromEntries(
      contract.exporters.map(({ table, pinPolicy, revokes, rejectsNonRevocable, completedMembers }) => [
        table.name,
        { pinPolicy, revokes, rejectsNonRevocable, completedMembers },
      ]),
    );
    assert.deepEqual(facts['copied_prime_ops'], {
      pinPolicy: 'none',
      revokes: false,
      rejectsNonRevocable: false,
      completedMembers: ['release'],
    });
    assert.equal(facts['refp_dmabuf_ops']?.pinPolicy, 'refuses-all');
    assert.equal(facts['refp_dmabuf_ops']?.rejectsNonRevocable, true);
    assert.equal(facts['revo_dmabuf_ops']?.revokes, true);
    assert.equal(facts['revo_dmabuf_ops']?.rejectsNonRevocable, false);
  });
});
