import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { buildContract } from '../../contract/index.js';
import { filesBelow, fixturesFolder } from '../../dev/examples/example-tree.js';
import { openMemory } from '../../input/tree/tree.js';
import { planDocumentation } from '../plan.js';
import { type Chunk, chunksOf } from './page-chunks.js';
import { formerPageForms } from './page-forms.js';
import { mergePage } from './page-merge.js';

/** Paragraphs that a maintainer has reworded, each known by its beginning. */
const rewordings: readonly (readonly [way: string, of: string, theirs: readonly string[]])[] = [
  [
    'shorter',
    'To *revoke* a buffer',
    [
      'Revoking takes the memory of a buffer away. Pinning is no protection against it: a pinned buffer can be revoked.',
    ],
  ],
  [
    'longer, in other words',
    'An invalidation does not release the pin',
    [
      'Note that invalidation leaves pin, attachment and buffer reference alone. It is up to the importer to call dma_buf_unpin() at some point, either right in its callback, once the mapping is gone, or whenever it suits the driver.',
    ],
  ],
  [
    'in the passive voice',
    'A dynamic importer must not let',
    [
      'Fences of DMA_RESV_USAGE_KERNEL must have signaled before a new mapping is accessed by the device of an importer that was attached by dma_buf_dynamic_attach(); for static importers they are waited for by the core.',
    ],
  ],
  [
    'in two paragraphs',
    'An importer that cannot keep this promise',
    [
      'A stub is not acceptable, even if it warns, for an importer that cannot keep the promise.',
      'The kernel does not notice when a callback fails to stop the device. The exporter would wait forever, or reuse memory which the device writes to.',
    ],
  ],
  [
    'as a list',
    'The callback does not distinguish',
    [
      '- Mapping a revoked buffer fails with -ENODEV.\n- The exporter may make the buffer available later, after a reset.\n- A pinned importer may take the first revocation as final.',
    ],
  ],
];

describe('the page on invalidation', () => {
  let page: string;
  let chunks: readonly Chunk[];
  const isOurs = formerPageForms('pages/invalidation.md');
  const merge = (changed: readonly string[]) => mergePage(`${changed.join('\n\n')}\n`, page, isOurs);
  const texts = (): string[] => chunks.map(({ text }) => text);
  const indexOf = (start: string): number => {
    const index = chunks.findIndex(({ text }) => text.startsWith(start));
    assert.ok(index >= 0, `no paragraph '${start}'`);
    return index;
  };

  before(async () => {
    const folder = join(fixturesFolder, 'invalidate-mappings');
    const files = filesBelow(folder).map((path) => [path, readFileSync(join(folder, path), 'latin1')] as const);
    const { pages } = planDocumentation(await buildContract(openMemory('test', Object.fromEntries(files))));
    page = pages[0]?.rest ?? '';
    chunks = chunksOf(page);
    assert.ok(chunks.length > 30, `${chunks.length} paragraphs`);
  });

  it('is left as it is where nothing changed', () => {
    const { text, missing, kept, outdated } = merge(texts());
    assert.deepEqual({ text, missing, kept, outdated }, { text: page, missing: [], kept: [], outdated: [] });
  });

  it('gets each paragraph back that somebody deleted, and tells it', () => {
    for (const [index, chunk] of chunks.entries()) {
      const { text, missing } = merge(texts().toSpliced(index, 1));
      assert.deepEqual(
        missing.map((each) => each.text),
        [chunk.text],
      );
      assert.equal(text, page);
    }
  });

  for (const [way, start, theirs] of rewordings)
    it(`keeps a paragraph that somebody reworded ${way}, and puts ours not beside it`, () => {
      const changed = texts().toSpliced(indexOf(start), 1, ...theirs);
      const { text, missing, kept } = merge(changed);
      assert.deepEqual(missing, []);
      assert.equal(text, `${changed.join('\n\n')}\n`);
      assert.deepEqual(
        kept.map(({ text: words }) => words.slice(0, 20)),
        theirs.map((words) => words.replace(/\s+/g, ' ').slice(0, 20)),
      );
    });

  it('keeps all of them at once, and two that somebody joined', () => {
    const changed = rewordings.reduce<string[]>((current, [, start, theirs]) => {
      const index = current.findIndex((text) => text.startsWith(start));
      return current.toSpliced(index, 1, ...theirs);
    }, texts());
    const at = changed.findIndex((text) => text.startsWith('The last wait ends within'));
    assert.ok(at > 0);
    const joined = changed.toSpliced(at - 1, 2);
    const { missing } = merge(changed);
    assert.deepEqual(missing, []);
    assert.equal(merge(joined).missing.length, 2);
    const both =
      `${texts()[indexOf('The core and its comments')]} ${texts()[indexOf('A dynamic importer must not let')]}`.replace(
        /\s+/g,
        ' ',
      );
    const { text, missing: lost } = merge(texts().toSpliced(indexOf('The core and its comments'), 2, both));
    assert.deepEqual(lost, []);
    assert.ok(text.includes(both));
  });

  it('leaves a paragraph where somebody moved it', () => {
    const [from, to] = [indexOf('The core and its comments'), indexOf('An invalidation does not')];
    const moved = texts()
      .toSpliced(from, 1)
      .toSpliced(to, 0, texts()[from] ?? '');
    const { text, missing, outdated } = merge(moved);
    assert.deepEqual({ missing, outdated }, { missing: [], outdated: [] });
    assert.equal(text, `${moved.join('\n\n')}\n`);
  });

  it('gets a deleted paragraph back also beside one that somebody added', () => {
    const note = 'The weather has no influence on any of this, and nobody has generated this note.';
    const { text, missing } = merge(texts().toSpliced(indexOf('The callback does not distinguish'), 1, note));
    assert.equal(missing.length, 1);
    assert.ok(text.includes(note));
    assert.match(text, /The callback does not distinguish/);
  });
});
