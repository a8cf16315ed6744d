import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dmaBufCore, dmaBufHeader } from '../../kernel/index.js';
import { type ExampleRepository, makeRepository } from '../examples/example-repository.js';
import { fixturesFolder } from '../examples/example-tree.js';

/** A mistake in the series, each in another patch. */
export type Mistake =
  /** Patch 5 leaves an importer with the old type, which the exporter of patch 3 kept for it, and takes that type away. */
  | 'importer-not-converted'
  /** Patch 4 has an exporter offer a type that nobody accepts. */
  | 'no-common-type'
  /** Patch 10 takes the old name away while a driver uses it. */
  | 'leftover';

const root = join(fixturesFolder, 'mapping-types');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const mappingHeader = 'include/linux/dma-buf-mapping.h';
const drivers = { exporters: ['exa', 'exb'], importers: ['ima', 'imb'], others: ['alpha', 'beta'] } as const;
const pathOf = (name: string): string => `drivers/misc/${name}.c`;

/** An exporter that never takes its memory back, without mapping types. */
const exporter = (name: string): string => `#include <linux/dma-buf.h>
#include <linux/slab.h>

static struct sg_table *${name}_map(struct dma_buf_attachment *attach, enum dma_data_direction dir)
{
	return attach->dmabuf->priv;
}

static void ${name}_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt, enum dma_data_direction dir)
{
}

static void ${name}_release(struct dma_buf *dmabuf)
{
	kfree(dmabuf->priv);
}

static const struct dma_buf_ops ${name}_ops = {
	.map_dma_buf = ${name}_map,
	.unmap_dma_buf = ${name}_unmap,
	.release = ${name}_release,
};

struct dma_buf *${name}_export(struct sg_table *sgt)
{
	DEFINE_DMA_BUF_EXPORT_INFO(exp_info);

	exp_info.ops = &${name}_ops;
	exp_info.priv = sgt;
	return dma_buf_export(&exp_info);
}
`;

/** The same with a list. */
function converted(name: string, types: readonly ('sgt' | 'phys')[]): string {
  const phys = `static struct dma_buf_phys_list *${name}_phys_map(struct dma_buf_attachment *attach)
{
	return attach->dmabuf->priv;
}

static void ${name}_phys_unmap(struct dma_buf_attachment *attach, struct dma_buf_phys_list *list)
{
}

static const struct dma_buf_phys_exp_ops ${name}_phys_ops = {
	.map = ${name}_phys_map,
	.unmap = ${name}_phys_unmap,
};

`;
  const sgt = `static const struct dma_buf_sgt_exp_ops ${name}_sgt_ops = {
	.map = ${name}_map,
	.unmap = ${name}_unmap,
};

`;
  const list = types.map((type) => `\t\tDMA_BUF_OFFER_${type.toUpperCase()}(&${name}_${type}_ops),\n`).join('');
  const match = `static int ${name}_match(struct dma_buf_match_args *args)
{
	struct dma_buf_mapping_match offers[] = {
${list}	};

	return dma_buf_match_mapping(args, offers, ARRAY_SIZE(offers));
}

`;
  const tables = [...(types.includes('phys') ? [phys] : []), ...(types.includes('sgt') ? [sgt] : [])].join('');
  const text = exporter(name)
    .replace(`static void ${name}_release`, `${tables}${match}static void ${name}_release`)
    .replace(
      `\t.map_dma_buf = ${name}_map,\n\t.unmap_dma_buf = ${name}_unmap,\n`,
      `\t.match_mapping = ${name}_match,\n`,
    );
  const tableOfPages = /static struct sg_table[\s\S]*?\n}\n\nstatic void \w+_unmap[\s\S]*?\n}\n\n/;
  return types.includes('sgt') ? text : text.replace(tableOfPages, '');
}

/** An importer that keeps the attachment where its map fails: attach-leak, which no patch of the series mends. */
const importer = (name: string): string => `#include <linux/dma-buf.h>

static void ${name}_gone(struct dma_buf_attachment *attach)
{
	struct ${name}_buf *buf = attach->importer_priv;

	dma_buf_unmap_attachment(attach, buf->sgt, DMA_TO_DEVICE);
}

static const struct dma_buf_attach_ops ${name}_ops = {
	.invalidate_mappings = ${name}_gone,
};

int ${name}_import(struct dma_buf *dmabuf, struct device *dev, struct ${name}_buf *buf)
{
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	attach = dma_buf_dynamic_attach(dmabuf, dev, &${name}_ops, buf);
	if (IS_ERR(attach))
		return PTR_ERR(attach);
	dma_resv_lock(dmabuf->resv, NULL);
	sgt = dma_buf_map_attachment(attach, DMA_TO_DEVICE);
	dma_resv_unlock(dmabuf->resv);
	if (IS_ERR(sgt))
		return PTR_ERR(sgt);
	buf->attach = attach;
	buf->sgt = sgt;
	return 0;
}

void ${name}_release(struct dma_buf *dmabuf, struct ${name}_buf *buf)
{
	dma_resv_lock(dmabuf->resv, NULL);
	dma_buf_unmap_attachment(buf->attach, buf->sgt, DMA_TO_DEVICE);
	dma_resv_unlock(dmabuf->resv);
	dma_buf_detach(dmabuf, buf->attach);
}
`;

const attachOld = (name: string): string => `dma_buf_dynamic_attach(dmabuf, dev, &${name}_ops, buf)`;
const attachNew = (name: string): string => `dma_buf_mapping_attach(dmabuf, &accepted, 1, &${name}_ops, buf)`;

/** The header or the core before the tables of pages got their prefix. */
const unprefixed = (text: string): string => text.replace(/\bdma_buf_sgt_((?:un)?map_attachment)\b/g, 'dma_buf_$1');
/** The same before there were physical addresses. */
const withoutPhys = (text: string): string =>
  text
    .replace(/\n \* {5}- dma_buf_phys_\w+\(\)/g, '')
    .replace(/\n(?:static inline )?[^\n;{}]*\bdma_buf_phys_(?:un)?map\([^;{]*;/g, '')
    .replace(
      /\nstruct dma_buf_phys_list \*dma_buf_phys_map[\s\S]*?\nEXPORT_SYMBOL_NS_GPL\(dma_buf_phys_unmap, "DMA_BUF"\);\n/,
      '',
    );

const wrappers = `static inline struct sg_table *dma_buf_map_attachment(struct dma_buf_attachment *attach, enum dma_data_direction dir)
{
	return dma_buf_sgt_map_attachment(attach, dir);
}

static inline void dma_buf_unmap_attachment(struct dma_buf_attachment *attach, struct sg_table *sgt, enum dma_data_direction dir)
{
	dma_buf_sgt_unmap_attachment(attach, sgt, dir);
}

`;
const end = '#endif /* __DMA_BUF_H__ */';

/**
 * Makes a repository with a branch `topic` of ten patches on `main`: mapping types come, a second type, two exporters and two
 * importers are converted, and map and unmap get a prefix, by wrappers for a while.
 * @param mistakes what is wrong in the branch
 */
export function mappingSeries(folder: string, mistakes: readonly Mistake[] = []): ExampleRepository {
  const repository = makeRepository(folder, 'invalidate-mappings');
  const { write, edit, commit, git } = repository;
  const prefix = (path: string): void => {
    const text = readFileSync(join(repository.folder, path), 'utf8');
    write(path, text.replace(/\bdma_buf_((?:un)?map_attachment)\b/g, 'dma_buf_sgt_$1'));
  };
  for (const name of drivers.exporters) write(pathOf(name), exporter(name));
  for (const name of [...drivers.importers, ...drivers.others]) write(pathOf(name), importer(name));
  commit('drivers');
  git('checkout', '--quiet', '-b', 'topic');
  write(mappingHeader, read(mappingHeader));
  for (const path of [dmaBufHeader, dmaBufCore]) write(path, withoutPhys(unprefixed(read(path))));
  commit('dma-buf: let importer and exporter agree on a mapping type');
  for (const path of [dmaBufHeader, dmaBufCore]) write(path, unprefixed(read(path)));
  commit('dma-buf: add a mapping type for physical addresses');
  write(pathOf('exa'), converted('exa', ['phys', 'sgt']));
  commit('exa: offer physical addresses, and tables of pages as before');
  write(pathOf('exb'), converted('exb', mistakes.includes('no-common-type') ? ['phys'] : ['sgt']));
  commit('exb: offer a list');
  convertImporter(repository, 'ima');
  if (mistakes.includes('importer-not-converted')) write(pathOf('exa'), converted('exa', ['phys']));
  commit('ima: attach with a list');
  convertImporter(repository, 'imb');
  commit('imb: attach with a list');
  for (const path of [dmaBufHeader, dmaBufCore]) write(path, read(path));
  edit(dmaBufHeader, end, `${wrappers}${end}`);
  commit('dma-buf: map tables of pages by functions with a prefix');
  for (const name of drivers.importers) prefix(pathOf(name));
  commit('ima, imb: use the names with a prefix');
  for (const name of mistakes.includes('leftover') ? ['alpha'] : drivers.others) prefix(pathOf(name));
  commit('alpha, beta: use the names with a prefix');
  edit(dmaBufHeader, wrappers, '');
  commit('dma-buf: drop the old names');
  return repository;
}

function convertImporter({ edit }: ExampleRepository, name: string): void {
  edit(pathOf(name), attachOld(name), attachNew(name));
  edit(
    pathOf(name),
    '\tstruct dma_buf_attachment *attach;\n\tstruct sg_table *sgt;\n',
    '\tstruct dma_buf_mapping_match accepted = dma_buf_accept_sgt(dev, false);\n\tstruct dma_buf_attachment *attach;\n\tstruct sg_table *sgt;\n',
  );
}
