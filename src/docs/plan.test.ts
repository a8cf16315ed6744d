import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildContract } from '../contract/index.js';
import { type Files, fixture, plan, planFixture, storeOf } from '../dev/examples/planned-fixture.js';
import { openMemory } from '../input/tree/tree.js';
import { correctedList } from './patch-messages.js';
import { type DocumentationPlan, planDocumentation } from './plan.js';

const header = 'include/linux/dma-buf.h';
const core = 'drivers/dma-buf/dma-buf.c';
const page = 'Documentation/driver-api/dma-buf-invalidation.rst';
const drivers = 'Documentation/driver-api/dma-buf-invalidation-drivers.rst';
const index = 'Documentation/driver-api/index.rst';

function applied(files: Files, { files: changes }: DocumentationPlan): Files {
  return { ...files, ...Object.fromEntries(changes.map(({ path, after }) => [path, after])) };
}

/** What is stale, as `path: kind`, without repetitions. */
function staleKinds({ stale }: DocumentationPlan): readonly string[] {
  return [...new Set(stale.map(({ path, kind }) => `${path}: ${kind}`))];
}

/** One comment of a text, by a word that stands in it, with its white space folded. */
function commentWith(text: string | undefined, word: string): string {
  const comment = (text ?? '').match(/\/\*\*[\s\S]*?\*\//g)?.find((each) => each.includes(word)) ?? '';
  return comment.replace(/\n\s*\*(?!\/) ?/g, ' ').replace(/\s+/g, ' ');
}

const trees = ['move-notify', 'invalidate-mappings', 'marker-field', 'paths'];

describe('the documentation of a tree', () => {
  for (const tree of trees)
    it(`is complete once it is written: ${tree}`, async () => {
      const before = fixture(tree);
      const first = await planFixture(tree);
      assert.ok(first.files.length > 0);
      assert.deepEqual(first.conflicts, []);
      const second = await plan(applied(before, first), storeOf(tree));
      assert.deepEqual(second.files, []);
      assert.deepEqual(second.stale, []);
      assert.deepEqual(second.conflicts, []);
    });

  for (const tree of trees)
    it(`changes comments only: ${tree}`, async () => {
      const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s+/g, ' ');
      for (const { path, before: old, after } of (await planFixture(tree)).files)
        if (/\.[ch]$/.test(path)) assert.equal(code(after), code(old ?? ''));
    });

  for (const tree of trees)
    it(`takes at most 80 columns: ${tree}`, async () => {
      for (const { after, before } of (await planFixture(tree)).files)
        for (const line of after.split('\n').filter((each) => !before?.includes(each)))
          assert.ok(line.replace(/\t/g, '        ').length <= 80 || line.includes('('), line);
    });

  it('says in the old dialect that there is no way to tell, and in the new one how to', async () => {
    const old = applied(fixture('move-notify'), await planFixture('move-notify'));
    assert.match(commentWith(old[header], '@move_notify'), /should use dma_buf_attach\(\)/);
    assert.match(commentWith(old[header], '@attach:'), /must refuse every pin, see @pin/);
    assert.doesNotMatch(old[page] ?? '', /invalidate_mappings|revocable\(\)/);
    const current = applied(fixture('invalidate-mappings'), await planFixture('invalidate-mappings'));
    assert.match(commentWith(current[header], '@attach:'), /see dma_buf_attach_revocable\(\), return -EOPNOTSUPP/);
    assert.match(current[page] ?? '', /They leave\s+``invalidate_mappings`` out/);
    assert.doesNotMatch(current[page] ?? '', /move_notify\b/);
  });

  it('numbers what it adds to the locking convention as the items before it', async () => {
    const { [core]: text } = applied(fixture('invalidate-mappings'), await planFixture('invalidate-mappings'));
    assert.match(
      text ?? '',
      /\n \* 2\. Importers must not hold [\s\S]*\n \* 3\. These &struct dma_buf_attach_ops callbacks .*\n \* {4}reservation .*:\n \*\n \* {4}- &dma_buf_attach_ops\.invalidate_mappings\n \*\n \* Convention for exporters/,
    );
  });

  it('says of each comment what was wrong in it, also where that was a typo', async () => {
    const typo = '\t/**\n\t * @attach:\n\t *\n\t * Whether the buffer could be move to system memory.\n\t */\n';
    const files = fixture('move-notify');
    const before = (files[header] ?? '').replace(
      /\t\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n(?=\tint \(\*attach\))|(?=\tint \(\*attach\))/,
      typo,
    );
    const { files: changes, stale } = await plan({ ...files, [header]: before }, storeOf('move-notify'));
    const list = JSON.stringify(
      correctedList(
        changes.filter(({ patch }) => patch === 'corrections'),
        stale,
      ),
    );
    assert.match(list, /"dma_buf_ops\.attach: a typo"/);
    assert.doesNotMatch(list, /this tree's/);
  });

  it('has no words for parameters with names that every object has', async () => {
    const before = fixture('invalidate-mappings');
    const names = (text: string): string =>
      text.replace(/\bimporter_priv\b/g, 'constructor').replace(/\bimporter_ops\b/g, '__proto__');
    const bare = (text: string): string => text.replace(/\/\*\*[\s\S]*?\*\//g, '');
    const files = { ...before, [header]: names(bare(before[header] ?? '')), [core]: names(bare(before[core] ?? '')) };
    const after = applied(files, await plan(files, storeOf('invalidate-mappings')));
    assert.doesNotMatch(Object.values(after).join('\n'), /native code|\[object/);
    assert.match(after[core] ?? '', /@constructor: see the declaration/);
  });

  it('makes a comment for a marker field that has none', async () => {
    const before = fixture('marker-field');
    const bare = {
      ...before,
      [header]: (before[header] ?? '').replace(/\t\/\*\*\n\t \* @cannot_revoke[\s\S]*?\*\/\n/, ''),
    };
    assert.notEqual(bare[header], before[header]);
    const after = applied(bare, await plan(bare, storeOf('marker-field')));
    assert.match(
      commentWith(after[header], '@cannot_revoke:'),
      /Set by an importer that pins the buffer and cannot stop its device/,
    );
    assert.deepEqual((await plan(after, storeOf('marker-field'))).files, []);
  });

  it('says in a tree with a marker field what the field is for', async () => {
    const marked = applied(fixture('marker-field'), await planFixture('marker-field'));
    assert.match(marked[page] ?? '', /They set ``cannot_revoke`` in their\s+struct dma_buf_attach_ops\./);
  });
});

/** A header whose comments speak of moves only, and a core that says nothing. */
const silent: Files = {
  Makefile: 'VERSION = 6\nPATCHLEVEL = 9\n',
  [header]: [
    'struct dma_buf_ops {',
    '\t/**',
    '\t * @pin: lock the memory',
    '\t *',
    '\t * Called with the lock held.',
    '\t *',
    '\t * Returns:',
    '\t *',
    '\t * 0 on success.',
    '\t */',
    '\tint (*pin)(struct dma_buf_attachment *attach);',
    '\tint (*attach)(struct dma_buf *dmabuf, struct dma_buf_attachment *attach);',
    '};',
    'struct dma_buf_attach_ops {',
    '\tbool allow_peer2peer;',
    '\t/** @move_notify: [optional] notification that the DMA-buf is moving */',
    '\tvoid (*move_notify)(struct dma_buf_attachment *attach);',
    '};',
    'int dma_buf_pin(struct dma_buf_attachment *attach);',
    'void dma_buf_move_notify(struct dma_buf *dmabuf);',
    '',
  ].join('\n'),
  [core]: [
    'struct dma_buf_attachment *',
    'dma_buf_dynamic_attach(struct dma_buf *dmabuf, struct device *dev,',
    '\t\t       const struct dma_buf_attach_ops *importer_ops,',
    '\t\t       void *importer_priv)',
    '{',
    '\tif (WARN_ON(importer_ops && !importer_ops->move_notify))',
    '\t\treturn ERR_PTR(-EINVAL);',
    '\treturn NULL;',
    '}',
    '/**',
    ' * dma_buf_move_notify - notify attachments that DMA-buf is moving',
    ' * @dmabuf: the buffer',
    ' */',
    'void dma_buf_move_notify(struct dma_buf *dmabuf)',
    '{',
    '}',
    '',
  ].join('\n'),
};

describe('a comment', () => {
  it('is opened where it stood on one line, and made where there was none', async () => {
    const after = applied(silent, await plan(silent));
    assert.match(
      commentWith(after[header], '@move_notify'),
      /@move_notify: notification of a move or revocation This callback is mandatory/,
    );
    assert.match(
      after[core] ?? '',
      /\/\*\*\n \* dma_buf_dynamic_attach - .*\n \* @dmabuf: .*\n \* @dev: .*\n \* @importer_ops: .*\n \* @importer_priv: .*\n \*\n/,
    );
    assert.match(
      commentWith(after[core], 'dma_buf_dynamic_attach -'),
      /Returns: the attachment, or a negative error code/,
    );
  });

  it('says what it returns last', async () => {
    const after = applied(silent, await plan(silent));
    assert.match(
      commentWith(after[header], '@pin:'),
      /Called with the lock held\. A pinned buffer .* Returns: 0 on success\. \*\//,
    );
  });

  it('ends its lines as the file does', async () => {
    const files = { ...silent, [header]: (silent[header] ?? '').replaceAll('\n', '\r\n') };
    const after = applied(files, await plan(files));
    assert.doesNotMatch(after[header] ?? '', /[^\r]\n/);
    assert.equal((after[header] ?? '').replaceAll('\r\n', '\n'), applied(silent, await plan(silent))[header]);
    assert.deepEqual((await plan(after)).files, []);
  });

  it('keeps a paragraph of others that says the same', async () => {
    const theirs = 'When pinned, the call means that the memory is revoked for good; unmap in bounded time.';
    const files = {
      ...silent,
      [header]: (silent[header] ?? '').replace('is moving */', `is moving\n\t *\n\t * ${theirs}\n\t */`),
    };
    const after = applied(files, await plan(files));
    assert.match(commentWith(after[header], '@move_notify'), new RegExp(theirs));
    assert.doesNotMatch(commentWith(after[header], '@move_notify'), /The exporter may also call this/);
  });

  it('is left as it is, and shown, where it says the opposite', async () => {
    const theirs = 'It is never called while the buffer is pinned.';
    const files = {
      ...silent,
      [header]: (silent[header] ?? '').replace('is moving */', `is moving\n\t *\n\t * ${theirs}\n\t */`),
    };
    const found = await plan(files);
    assert.deepEqual(
      found.conflicts.map(({ path, line, theirs: text }) => ({ path, line, text })),
      [{ path: header, line: 18, text: theirs }],
    );
    const comment = commentWith(applied(files, found)[header], '@move_notify');
    assert.match(comment, new RegExp(theirs));
    assert.doesNotMatch(comment, /cannot stop|mandatory/);
  });

  it('of ours is a conflict where somebody has turned it into its opposite', async () => {
    const written = applied(silent, await plan(silent));
    const files = {
      ...written,
      [core]: (written[core] ?? '').replace(
        'If an attachment is pinned, this tells its importer',
        'If an attachment is pinned, this does not tell its importer',
      ),
    };
    assert.notEqual(files[core], written[core]);
    const found = await plan(files);
    assert.equal(found.conflicts.length, 1);
    assert.equal(found.files.length, 0);
  });

  it('that has no place is named', async () => {
    const found = await plan(silent);
    assert.deepEqual(found.missing, ['dma_buf_pin()', 'dma_buf_unpin()', 'dma_buf_ops.map_dma_buf']);
  });

  it('of ours follows a change of the dialect', async () => {
    const written = applied(silent, await plan(silent));
    const renamed = Object.fromEntries(
      Object.entries(written).map(([path, text]) => [
        path,
        path.startsWith('Documentation')
          ? text
          : text
              .replace(/void \(\*move_notify\)/, 'void (*invalidate_mappings)')
              .replace(/^(void )dma_buf_move_notify/gm, '$1dma_buf_invalidate_mappings')
              .replace(/\tif \(WARN_ON.*\n.*\n/, ''),
      ]),
    );
    const found = await plan(renamed);
    assert.deepEqual(found.conflicts, []);
    const after = applied(renamed, found);
    for (const path of [header, core, page, drivers]) assert.doesNotMatch(after[path] ?? '', /move_notify/, path);
    assert.doesNotMatch(commentWith(after[header], '@invalidate_mappings'), /mandatory|should use/);
    assert.match(commentWith(after[header], '@invalidate_mappings'), /must leave the callback out/);
    assert.deepEqual((await plan(after)).files, []);
  });
});

describe('the pages', () => {
  it('are entered in the index below the page on dma-bufs, and in MAINTAINERS in order', async () => {
    const files = {
      ...silent,
      [index]: '.. toctree::\n   :maxdepth: 1\n\n   devfreq\n   dma-buf\n   component\n',
      MAINTAINERS: 'X\nF:\tDocumentation/driver-api/dma-buf.rst\nF:\tdrivers/dma-buf/\n',
    };
    const after = applied(files, await plan(files));
    assert.match(
      after[index] ?? '',
      / {3}dma-buf\n {3}dma-buf-invalidation\n {3}dma-buf-invalidation-drivers\n {3}component\n/,
    );
    const folder = 'Documentation/driver-api';
    assert.equal(
      after['MAINTAINERS'],
      `X\nF:\t${folder}/dma-buf-invalidation-drivers.rst\nF:\t${folder}/dma-buf-invalidation.rst\nF:\t${folder}/dma-buf.rst\nF:\tdrivers/dma-buf/\n`,
    );
  });

  it('are linked from the page on dma-bufs', async () => {
    const buffers = 'Documentation/driver-api/dma-buf.rst';
    const directive = '.. kernel-doc:: drivers/dma-buf/dma-buf.c\n   :doc: dma buf device access\n';
    const files = { ...silent, [buffers]: `Access\n======\n\n${directive}\nMore\n====\n` };
    const after = applied(files, await plan(files));
    assert.match(
      after[buffers] ?? '',
      /device access\n\nFor what importers and exporters [^.]*\nrevoked, see Documentation\/driver-api\/dma-buf-invalidation\.rst\.\n\nMore\n/,
    );
    assert.deepEqual((await plan(after)).files, []);
  });

  it('are without that of drivers where tables are not wanted', async () => {
    const contract = await buildContract(openMemory('test', silent));
    const { files, pages } = planDocumentation(contract, { tables: false });
    assert.deepEqual(
      pages.map(({ name }) => name),
      ['dma-buf-invalidation'],
    );
    assert.ok(!files.some(({ path, patch }) => path === drivers || patch === 'tables'));
  });

  it('name what has changed in the code, each driver once', async () => {
    const before = fixture('invalidate-mappings');
    const written = applied(before, await planFixture('invalidate-mappings'));
    const messages = async (files: Files) =>
      (await plan(files, storeOf('invalidate-mappings'))).stale.map(
        ({ path, kind, message }) => `${path} ${kind}: ${message}`,
      );
    const table = `${drivers} stale-table`;
    const driver = 'drivers/misc/nopin/nopin.c';
    assert.deepEqual(await messages(Object.fromEntries(Object.entries(written).filter(([path]) => path !== driver))), [
      `${table}: importer 'nopin' is listed, but the tree does not have it`,
    ]);
    assert.deepEqual(await messages({ ...written, 'drivers/misc/more.c': before[driver] ?? '' }), [
      `${table}: importer 'more' is not listed`,
    ]);
    const callback = (before['drivers/dsp/dsp_import.c'] ?? '').replace(/\t\.invalidate_mappings = .*\n/, '');
    const [first, ...others] = await messages({ ...written, 'drivers/dsp/dsp_import.c': callback });
    assert.match(first ?? '', /'when called back' is '.*' on the page, and 'has no callback' in the code/);
    for (const message of others) assert.match(message, /importer 'dsp_import'/);
  });

  it('keep what others have written into them', async () => {
    const before = fixture('invalidate-mappings');
    const written = applied(before, await planFixture('invalidate-mappings'));
    const note = 'A paragraph about the weather, which nobody generated.';
    const noted = (path: string): string =>
      (written[path] ?? '').replace('Exporters\n=========\n', `Exporters\n=========\n\n${note}\n`);
    const files = {
      ...written,
      [page]: noted(page),
      [drivers]: noted(drivers),
      'drivers/misc/nopin/nopin.c': 'int x;\n',
    };
    const after = applied(files, await plan(files, storeOf('invalidate-mappings')));
    for (const path of [page, drivers])
      assert.match(after[path] ?? '', new RegExp(`Exporters\n=========\n\n${note}\n`));
    assert.deepEqual((await plan(after, storeOf('invalidate-mappings'))).files, []);
  });
});

describe('stale names', () => {
  it('are put right under Documentation/, and the paragraph is broken anew where a line gets too long', async () => {
    const before = fixture('invalidate-mappings');
    const path = 'Documentation/driver-api/pci/other.rst';
    const text =
      'Of dma-bufs\n\nThe life of the mapping is ruled by the exporter through DMABUF move_notify(), which\nit calls.\n\nThe end.\n';
    const found = await plan({ ...before, [path]: text }, storeOf('invalidate-mappings'));
    const after = found.files.find((file) => file.path === path)?.after;
    assert.equal(
      after,
      'Of dma-bufs\n\nThe life of the mapping is ruled by the exporter through DMABUF\ninvalidate_mappings(), which it calls.\n\nThe end.\n',
    );
    assert.ok(staleKinds(found).includes(`${path}: stale-name-in-comment`));
  });
});
