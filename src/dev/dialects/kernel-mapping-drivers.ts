import { type Draft, type PatchPlan, replaceIn } from '../series/commit-drafts.js';
import { prefixIn } from './kernel-mapping-core.js';

/** Linux 7.3's exporters and importers that the series converts: each is short, and each is of another kind. */
export const exporters = {
  udmabuf: 'drivers/dma-buf/udmabuf.c',
  cmaHeap: 'drivers/dma-buf/heaps/cma_heap.c',
} as const;
export const importers = {
  /** Static: it has no importer ops. */
  iio: 'drivers/iio/industrialio-buffer.c',
  /** Dynamic: with ops, peer-to-peer and a pin. */
  virtgpu: 'drivers/gpu/drm/virtio/virtgpu_prime.c',
} as const;

type MappingType = 'phys' | 'sgt';

/** The functions and ops of an exporter that offers physical addresses of its pages. */
const physOps = (
  name: string,
  structure: string,
): string => `static struct dma_buf_phys_list *${name}_phys_map(struct dma_buf_attachment *attach)
{
	struct ${structure} *buffer = attach->dmabuf->priv;
	struct dma_buf_phys_list *list;
	pgoff_t i;

	list = kvmalloc(struct_size(list, addrs, buffer->pagecount), GFP_KERNEL);
	if (!list)
		return ERR_PTR(-ENOMEM);
	list->count = buffer->pagecount;
	for (i = 0; i < buffer->pagecount; i++)
		list->addrs[i] = page_to_phys(buffer->pages[i]);
	return list;
}

static void ${name}_phys_unmap(struct dma_buf_attachment *attach,
			       struct dma_buf_phys_list *list)
{
	kvfree(list);
}

static const struct dma_buf_phys_exp_ops ${name}_phys_ops = {
	.map = ${name}_phys_map,
	.unmap = ${name}_phys_unmap,
};

`;

const matchFunction = (
  name: string,
  types: readonly MappingType[],
): string => `static int ${name}_match(struct dma_buf_match_args *args)
{
	struct dma_buf_mapping_match offers[] = {
${types.map((type) => `\t\tDMA_BUF_OFFER_${type.toUpperCase()}(&${name}_${type}_ops),\n`).join('')}	};

	return dma_buf_match_mapping(args, offers, ARRAY_SIZE(offers));
}

`;

/** Where an exporter is converted: its file, a name for what is added, the struct of its buffers. */
interface Exporter {
  readonly path: string;
  readonly name: string;
  readonly structure: string;
}

const udmabuf: Exporter = { path: exporters.udmabuf, name: 'udmabuf', structure: 'udmabuf' };
const cmaHeap: Exporter = { path: exporters.cmaHeap, name: 'cma_heap', structure: 'cma_heap_buffer' };

/** Has an exporter offer a list, which its ops table names instead of the functions for tables of pages. */
function offer(draft: Draft, { path, name, structure }: Exporter, types: readonly MappingType[]): void {
  const members = /\t\.map_dma_buf\s*= (\w+),\n\t\.unmap_dma_buf\s*= (\w+),\n/;
  const [, map, unmap] = members.exec(draft.read(path)) ?? [];
  if (map === undefined) throw new Error(`${path} has no ops table`);
  const sgtOps = `static const struct dma_buf_sgt_exp_ops ${name}_sgt_ops = {\n\t.map = ${map},\n\t.unmap = ${unmap},\n};\n\n`;
  const tables = [
    ...(types.includes('phys') ? [physOps(name, structure)] : []),
    ...(types.includes('sgt') ? [sgtOps] : []),
  ].join('');
  replaceIn(draft, path, members, `\t.match_mapping = ${name}_match,\n`);
  replaceIn(draft, path, /(?=static const struct dma_buf_ops \w+ = \{)/, `${tables}${matchFunction(name, types)}`);
  // A function that no table names would be a warning of the compiler.
  if (!types.includes('sgt')) for (const gone of [map, unmap]) dropFunction(draft, path, gone);
}

function dropFunction(draft: Draft, path: string, name: string | undefined): void {
  replaceIn(draft, path, new RegExp(`\\nstatic [^;{}]*\\b${name}\\([^;{}]*\\)\\n\\{[\\s\\S]*?\\n\\}\\n`), '');
}

/** Patch 3: an exporter with two types, of which it prefers the new one. */
export const offerBoth: PatchPlan = {
  subject: 'udmabuf: offer physical addresses, and tables of pages as before',
  body: 'Its pages stay where they are.',
  edit: (draft) => offer(draft, udmabuf, ['phys', 'sgt']),
};

/** Patch 4: an exporter with a list of the one type that it had. */
export const offerList: PatchPlan = {
  subject: 'dma-buf: heaps: cma: offer a list',
  body: 'It has tables of pages, as before.',
  edit: (draft) => offer(draft, cmaHeap, ['sgt']),
};

/** The mistake: it offers what nobody accepts. */
export const offerUnwanted: PatchPlan = { ...offerList, edit: (draft) => offer(draft, cmaHeap, ['phys']) };

/** Patch 5: a static importer, whose entry is made where it is needed. */
export const convertStatic: PatchPlan = {
  subject: 'iio: buffer: attach with a list',
  body: 'It accepts tables of pages, as before.',
  edit: (draft) => {
    const edit = (wanted: RegExp, text: string): void => replaceIn(draft, importers.iio, wanted, text);
    edit(/static int iio_buffer_attach_dmabuf\([^{;]*\{\n/, '$&\tstruct dma_buf_mapping_match accepted;\n');
    edit(
      /(\t)attach = dma_buf_attach\((\w+), (\w+)\);/,
      '$1accepted = dma_buf_accept_sgt($3, false);\n$1attach = dma_buf_mapping_attach($2, &accepted, 1, NULL, NULL);',
    );
  },
};

/** The mistake: the patch also takes away the tables of pages that the exporter of patch 3 has kept for all others. */
export const convertStaticTooEarly: PatchPlan = {
  ...convertStatic,
  edit: (draft) => {
    convertStatic.edit(draft);
    replaceIn(draft, udmabuf.path, /\t\tDMA_BUF_OFFER_SGT\(.*\),\n/, '');
    replaceIn(draft, udmabuf.path, /static const struct dma_buf_sgt_exp_ops \w+ = \{[^}]*\};\n\n/, '');
    for (const gone of ['map_udmabuf', 'unmap_udmabuf']) dropFunction(draft, udmabuf.path, gone);
  },
};

/** Patch 6: a dynamic importer with an array. */
export const convertDynamic: PatchPlan = {
  subject: 'drm/virtio: attach with a list',
  body: 'It accepts tables of pages, also peer-to-peer, as before.',
  edit: (draft) => {
    const edit = (wanted: RegExp, text: string): void => replaceIn(draft, importers.virtgpu, wanted, text);
    edit(
      /struct drm_gem_object \*virtgpu_gem_prime_import\([^{;]*\{\n/,
      '$&\tstruct dma_buf_mapping_match accepted[] = {\n\t\tdma_buf_accept_sgt(dev->dev, true),\n\t};\n',
    );
    edit(
      /dma_buf_dynamic_attach\((\w+), dev->dev,\s*(&\w+), (\w+)\)/,
      'dma_buf_mapping_attach($1, accepted, ARRAY_SIZE(accepted),\n\t\t\t\t\t$2, $3)',
    );
  },
};

/** Patch 8: the importers of the series use the names with a prefix. */
export const prefixConverted: PatchPlan = {
  subject: 'iio, drm/virtio: use the names with a prefix',
  body: 'No functional change.',
  edit: (draft) => {
    for (const path of Object.values(importers)) prefixIn(draft, path);
  },
};

/** Patch 9: so do all other files that have an old name. @param paths of them */
export const prefixOthers = (paths: readonly string[]): PatchPlan => ({
  subject: 'treewide: use the names with a prefix',
  body: 'No functional change.',
  edit: (draft) => {
    for (const path of paths) prefixIn(draft, path);
  },
});
