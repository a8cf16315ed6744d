import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openFactsStore } from './facts-store.js';
import type { TreeFacts } from './tree-facts.js';

const facts: TreeFacts = {
  kernelVersion: '7.3.4',
  inventory: {
    dialect: { callback: 'move_notify', notify: 'dma_buf_move_notify', revocableCheck: null, markers: [] },
    importers: [],
    staticImporters: [],
    exporters: [],
  },
  callbackKinds: [],
  callbackRequired: true,
  declared: ['dma_buf_pin'],
  apiNames: [{ row: 'dma_buf_pin', name: 'dma_buf_pin' }],
  members: [],
  unknownUses: [],
  certainRevokers: [],
  testFiles: [],
  negotiation: { importers: [], exporters: [], cells: [] },
  findings: [],
  fixable: [],
  suppressed: [],
  suppressions: [],
  notAnalysed: [],
  stats: { filesSeen: 1, filesParsed: 1, functions: 0 },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const only = (): string => join(folder, readdirSync(folder)[0] ?? '');

describe('the store of what trees said', () => {
  it('gives back what was put, to another run as well', () => {
    openFactsStore({}, folder).put('tree', facts);
    assert.deepEqual(openFactsStore({}, folder).get('tree'), facts);
  });

  it('knows nothing of another tree, and nothing under another configuration', () => {
    openFactsStore({}, folder).put('tree', facts);
    assert.equal(openFactsStore({}, folder).get('other'), undefined);
    assert.equal(openFactsStore({ rules: { 'pin-leak': 'off' } }, folder).get('tree'), undefined);
  });

  const damages: Readonly<Record<string, (path: string) => void>> = {
    'cut off': (path) => truncateSync(path, 40),
    empty: (path) => truncateSync(path, 0),
    'no JSON': (path) => writeFileSync(path, 'words'),
    'changed inside': (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('7.3.4', '7.3.5')),
  };
  for (const [what, damage] of Object.entries(damages))
    it(`drops an entry that is ${what}, and does not believe it`, () => {
      const store = openFactsStore({}, folder);
      store.put('tree', facts);
      damage(only());
      assert.equal(store.get('tree'), undefined);
      assert.deepEqual(readdirSync(folder), []);
    });

  it('leaves no half-written files, and is bounded', () => {
    const store = openFactsStore({}, folder);
    for (let number = 0; number < 420; number++) store.put(`tree ${number}`, facts);
    assert.equal(readdirSync(folder).length, 400);
    assert.deepEqual(store.get('tree 419'), facts);
  });

  it('does without a folder that cannot be written', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const store = openFactsStore({}, join(file, 'below'));
    store.put('tree', facts);
    assert.equal(store.get('tree'), undefined);
  });
});
