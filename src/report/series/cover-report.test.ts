import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SeriesOutcome } from '../../lint/index.js';
import { wholeParts } from './cover-report.js';

const dialect = { callback: 'invalidate_mappings', notify: 'n', revocableCheck: null, markers: [] };
const inventory = { dialect, importers: [], staticImporters: [], exporters: [] };
const exporters = ['ea', 'eb', 'ec', 'ed'].map((name) => ({ key: `e.c:${name}`, name }));
const verdicts = ['unsafe', 'refused at pin', 'works', 'unknown'];

/** What is said of a series that adds an importer to a tree with exporters, or takes it away. @param by what comes of each */
function matrixPart(change: 'new' | 'gone', name: string, by: readonly string[] = verdicts): string | undefined {
  const cells = by.map((verdict, index) => {
    const exporter = exporters[index]?.key ?? `e.c:e${index}`;
    return { importer: `i.c:${name}`, exporter, verdict, cause: 'stays', reason: '' };
  });
  const importers = [{ key: `i.c:${name}`, name }];
  const known = { dialect, inventory, notAnalysed: [], unknownUses: [] };
  const without = { ...known, negotiation: { importers: [], exporters, cells: [] } };
  const having = { ...known, negotiation: { importers, exporters, cells } };
  const [start, end] = change === 'new' ? [without, having] : [having, without];
  const outcome = { judged: { patches: [], series: {}, start, end }, since: null } as unknown as SeriesOutcome;
  const [head, line] = wholeParts(outcome, null)[0] ?? [];
  assert.equal(head, 'Who may attach to whom, before and after:');
  return line;
}

/** What is said of a series that makes one importer look unknown and takes a static one away. */
function partsOf(after: object, failures: readonly object[] = []): readonly (readonly string[])[] {
  const importer = { ops: 'a_ops', file: 'a.c', status: 'revocable', pins: 'never', callbackKind: 'unmaps' };
  const facts = (importers: readonly object[], staticImporters: readonly object[], verdict: string) => ({
    inventory: { dialect, importers, staticImporters, exporters: [] },
    notAnalysed: [],
    unknownUses: [],
    negotiation: {
      importers: [
        { key: 'a.c:a_ops', name: 'a_ops' },
        ...(staticImporters.length > 0 ? [{ key: 'static', name: 'static importers' }] : []),
      ],
      exporters,
      cells: [{ importer: 'a.c:a_ops', exporter: 'e.c:ea', verdict, cause: 'stays', reason: '' }],
    },
  });
  const start = facts([importer], [{ file: 's.c', function: 's_open' }], 'works');
  const end = { ...facts([{ ...importer, status: 'unknown' }], [], 'unknown'), ...after };
  const patches = [{ patch: { number: 1, failures }, comparison: { fixed: [] } }];
  return wholeParts({ judged: { patches, series: {}, start, end }, since: null } as unknown as SeriesOutcome, null);
}

describe('what a series says of files that cannot be judged', () => {
  const uses = [
    { name: 'dma_buf_attach', kind: 'function', file: 's.c' },
    { name: 'move_notify', kind: 'member', file: 'a.c' },
  ];

  it('is that they are not judged, and why; not that something changes, in the contract or in the matrix', () => {
    assert.deepEqual(partsOf({ unknownUses: uses }), [
      [
        'Changes to the dma-buf contract:',
        "- importer a_ops: not judged: a.c uses '.move_notify', which this tree does not have, and does not build",
        '- static importer s_open(): not judged: s.c uses dma_buf_attach(), which this tree does not have, and does not build',
      ],
    ]);
  });

  it('names a patch that does not apply, and what could not be analysed', () => {
    const notAnalysed = [{ file: 's.c', line: null, function: null, reason: 'too large' }];
    assert.deepEqual(partsOf({ notAnalysed }, [{ path: 'a.c' }]), [
      [
        'Changes to the dma-buf contract:',
        '- importer a_ops: not judged: patch 1 does not apply to it',
        '- static importer s_open(): not judged: too large',
      ],
    ]);
  });

  it('leaves what can be judged as it is', () => {
    const [contract = [], matrix = []] = partsOf({});
    assert.match(
      contract[1] ?? '',
      /^- importer a_ops: was revocable, never pins, its callback unmaps; is not known whether revocable/,
    );
    assert.deepEqual(matrix.slice(1), [
      '- worse: a_ops x ea: works -> unknown',
      '- gone: static importers: before: works with all 0',
    ]);
  });
});

describe('a reply on the series as a whole', () => {
  it('says in words with whom a new importer works, and who refuses it', () => {
    assert.equal(
      matrixPart('new', 'new_ops'),
      '- new: importer new_ops: unsafe with ea; not known with ed; refused at pin by eb; works with ec',
    );
  });

  it('counts with whom it works where these are many', () => {
    const many = ['unsafe', ...Array(6).fill('works')];
    assert.equal(matrixPart('new', 'new_ops', many), '- new: importer new_ops: unsafe with ea; works with 6 others');
  });

  it('says of what is gone how it was', () => {
    assert.equal(
      matrixPart('gone', 'static importers'),
      '- gone: static importers: before: unsafe with ea; not known with ed; refused at pin by eb; works with ec',
    );
  });
});
