import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openMemory } from '../../input/tree/tree.js';
import { apiRows } from '../api/rows.js';
import { dmaBufCore, dmaBufHeader } from '../api/structs.js';
import { learnApi } from './learned-api.js';

const fixtures = fileURLToPath(new URL('../../../../fixtures/', import.meta.url));

/** The header and the core of a fixture tree. */
function coreOf(fixture: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [dmaBufHeader, dmaBufCore].map((path) => [path, readFileSync(join(fixtures, fixture, path), 'utf8')]),
  );
}

const plain = coreOf('invalidate-mappings');

/** Learns the API of the plain core with some changes to its two files. */
function learn(changes: { readonly header?: (text: string) => string; readonly core?: (text: string) => string }) {
  const header = changes.header?.(plain[dmaBufHeader] ?? '') ?? plain[dmaBufHeader] ?? '';
  const core = changes.core?.(plain[dmaBufCore] ?? '') ?? plain[dmaBufCore] ?? '';
  return learnApi(openMemory('tree', { [dmaBufHeader]: header, [dmaBufCore]: core }));
}

const everywhere = (from: RegExp, to: string) => {
  const change = (text: string): string => text.replace(from, to);
  return { header: change, core: change };
};

function reasons(changes: Parameters<typeof learn>[0]): readonly string[] {
  return learn(changes).unknown.map(({ message }) => message);
}

describe('the API of a tree', () => {
  for (const fixture of readdirSync(fixtures).filter((name) => /^(?:move|invalidate|marker|paths)/.test(name)))
    it(`is known as a whole in ${fixture}`, () => {
      assert.deepEqual(learnApi(openMemory('tree', coreOf(fixture))).unknown, []);
    });

  it('is not looked for where the tree has no core', () => {
    assert.deepEqual(learnApi(openMemory('tree', { 'drivers/a.c': 'int f(void) { return 0; }\n' })), {
      names: new Map(),
      structs: new Map(),
      declared: new Set(),
      unknown: [],
    });
  });
});

describe('what is told as unknown', () => {
  it('is an exported function on a buffer that does nothing by which a role is known', () => {
    const found = learn({
      core: (text) => `${text}
void dma_buf_freeze(struct dma_buf *dmabuf)
{
	dmabuf->priv = NULL;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_freeze, "DMA_BUF");
`,
    }).unknown;
    assert.deepEqual(
      found.map(({ file, function: name }) => [file, name]),
      [[dmaBufCore, 'dma_buf_freeze']],
    );
    assert.match(found[0]?.message ?? '', /^the role of dma_buf_freeze\(\) is not known/);
    assert.match((plain[dmaBufCore] ?? '').split('\n').length.toString(), /^\d+$/);
    assert.equal(found[0]?.line, (plain[dmaBufCore] ?? '').split('\n').length + 1);
  });

  it('is no helper that modules cannot call, and no function on something else', () => {
    const core = (text: string): string => `${text}
void dma_buf_freeze(struct dma_buf *dmabuf)
{
	dmabuf->priv = NULL;
}

int dma_buf_debug_level(int level)
{
	return level;
}
EXPORT_SYMBOL_GPL(dma_buf_debug_level);
`;
    assert.deepEqual(reasons({ core }), []);
  });

  it('is a role that the structs of the header need and nobody plays', () => {
    const gone = (text: string): string => text.replace(/\bdma_buf_begin_cpu_access\b/g, 'dma_buf_look');
    assert.deepEqual(reasons({ header: gone }), [
      `no function of ${dmaBufCore} begins an access of the CPU, as dma_buf_begin_cpu_access() does elsewhere`,
    ]);
  });

  it('is no role for which the header has no member', () => {
    const header = (text: string): string =>
      text.replace(/\bdma_buf_begin_cpu_access\b/g, 'dma_buf_look').replace(/\tint \(\*begin_cpu_access\)[^;]*;\n/, '');
    assert.deepEqual(reasons({ header }), []);
  });

  it('is a known name with other parameters', () => {
    const header = (text: string): string =>
      text.replace(/int dma_buf_pin\(struct dma_buf_attachment \*attach\)/, '$&');
    const core = (text: string): string =>
      text.replace(
        'int dma_buf_pin(struct dma_buf_attachment *attach)',
        'int dma_buf_pin(struct dma_buf_attachment *attach, int flags)',
      );
    assert.deepEqual(reasons({ header, core }), [
      'dma_buf_pin() has 2 parameters, not 1: its calls are not understood',
    ]);
  });

  it('is a known name for another role', () => {
    const core = (text: string): string =>
      text.replace(
        /ops->unpin\(attach\);\n\}\nEXPORT_SYMBOL_NS_GPL\(dma_buf_unpin/,
        'ops->detach(dmabuf, attach);\n}\nEXPORT_SYMBOL_NS_GPL(dma_buf_unpin',
      );
    assert.deepEqual(reasons({ core }), [
      'dma_buf_unpin() detaches here: its calls are taken for what the function does elsewhere',
    ]);
  });

  it('is a new way to attach, whose parameters nobody knows', () => {
    const core = (name: string) => (text: string) =>
      `${text}
struct dma_buf_attachment *
${name}(struct dma_buf *dmabuf, const struct dma_buf_match *matches, size_t count)
{
	struct dma_buf_attachment *attach = dma_buf_first_match(dmabuf, matches, count);

	if (dmabuf->ops->attach(dmabuf, attach))
		return ERR_PTR(-EINVAL);
	return attach;
}
EXPORT_SYMBOL_NS_GPL(${name}, "DMA_BUF");
`;
    assert.deepEqual(reasons({ core: core('dma_buf_mapping_attach') }), [
      'dma_buf_mapping_attach() has 3 parameters, not 5: its calls are not understood',
    ]);
    assert.deepEqual(reasons({ core: core('dma_buf_list_attach') }), [
      'dma_buf_list_attach() attaches, with parameters or a result that are not known: its calls are not followed',
    ]);
  });
});

describe('a renamed function', () => {
  /** Who asks whether an importer can be revoked is left to the dialect, which knows a mark as well. */
  const asking = 'dma_buf_attach_revocable';

  /** The functions whose bodies the core of the fixture has, but for those that only the header declares. */
  const defined = apiRows
    .map(({ name }) => name)
    .filter((name) => new RegExp(`^(?:[\\w ]+[ *])?${name}\\(`, 'm').test(plain[dmaBufCore] ?? ''));

  it('is known by its code: each of them alone', () => {
    assert.ok(defined.length >= 12, defined.join());
    for (const name of defined) {
      const { names, unknown } = learn(everywhere(new RegExp(`\\b${name}\\b`, 'g'), 'zz_other'));
      assert.deepEqual([...names], name === asking ? [] : [['zz_other', name]]);
      assert.deepEqual(unknown, [], name);
    }
  });

  it('is known by its code: all of them together', () => {
    const all = new RegExp(
      `\\b(?:dma_buf_|get_)(${defined.map((name) => name.replace(/^dma_buf_/, '')).join('|')})\\b`,
      'g',
    );
    const { names, unknown } = learn(everywhere(all, 'zz_$1'));
    assert.deepEqual([...names.values()].sort(), defined.filter((name) => name !== asking).sort());
    assert.deepEqual(unknown, []);
  });
});

describe('a renamed struct or member', () => {
  const known = [
    ...['allow_peer2peer', 'dma_buf', 'dma_buf_attach_ops', 'dma_buf_attachment', 'dma_buf_export_info', 'dma_buf_ops'],
    ...['importer_ops', 'invalidate_mappings'],
  ];

  it('is known by what it is for: one alone', () => {
    for (const name of ['dma_buf_attach_ops', 'invalidate_mappings']) {
      const { structs, unknown } = learn(everywhere(new RegExp(`\\b${name}\\b`, 'g'), 'zz_other'));
      assert.deepEqual([[...structs], unknown], [[['zz_other', name]], []]);
    }
  });

  it('is known by what it is for: all of them, and functions with them', () => {
    const functions = ['dma_buf_attach', 'dma_buf_dynamic_attach', 'dma_buf_pin', 'dma_buf_map_attachment'];
    const all = new RegExp(`\\b(?:${[...known, ...functions].join('|')})\\b`, 'g');
    const { structs, names, unknown } = learn(everywhere(all, 'zz_$&'));
    assert.deepEqual([...structs.values()].sort(), known);
    assert.deepEqual([...names.values()].sort(), [...functions].sort());
    assert.deepEqual(unknown, []);
  });
});
