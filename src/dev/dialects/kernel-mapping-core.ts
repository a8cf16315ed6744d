import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dmaBufCore, dmaBufHeader } from '../../kernel/index.js';
import { fixturesFolder } from '../examples/example-tree.js';
import { type Draft, type PatchPlan, replaceIn } from '../series/commit-drafts.js';

/** The header of the mapping types. Linux 7.3 has another one called dma-buf-mapping.h. */
const matchHeader = 'include/linux/dma-buf-match.h';
const fixture = (path: string): string => readFileSync(join(fixturesFolder, 'mapping-types', path), 'utf8');

/** The functions for tables of pages that get a prefix. */
const oldNames = /\bdma_buf_((?:un)?map_attachment(?:_unlocked)?)\b/g;

/** Gives the functions for tables of pages their prefix in a file, where it has any. */
export function prefixIn(draft: Draft, path: string): void {
  replaceIn(draft, path, oldNames, 'dma_buf_sgt_$1');
}

/** A part of the fixture's core, from a line to the export of a name. */
function coreBlock(first: string, exported: string): string {
  const text = fixture(dmaBufCore);
  const end = `EXPORT_SYMBOL_NS_GPL(${exported}, "DMA_BUF");\n`;
  return text.slice(text.indexOf(first), text.indexOf(end) + end.length);
}

/** The fixture's header of the mapping types, with tables of pages alone. */
function headerWithoutPhys(): string {
  return fixture('include/linux/dma-buf-mapping.h')
    .replaceAll('__DMA_BUF_MAPPING_H__', '__DMA_BUF_MATCH_H__')
    .replace(/^(?:struct dma_buf_phys_list|extern const .*phys_type);\n/gm, '')
    .replace(/^#define DMA_BUF_OFFER_PHYS.*\n.*\n/m, '')
    .replace(/\/\*\* struct dma_buf_phys_exp_ops[\s\S]*?\n};\n\n/, '')
    .replace(/static inline struct dma_buf_mapping_match dma_buf_accept_phys[\s\S]*?\n}\n\n/, '');
}

const mappingAttachParameters = `struct dma_buf *dmabuf,
		       const struct dma_buf_mapping_match *matches, size_t count,
		       const struct dma_buf_attach_ops *importer_ops,
		       void *importer_priv`;

const dynamicAttach = `
/**
 * dma_buf_dynamic_attach - Add a device that takes tables of pages
 * @dmabuf:		[in]	buffer to attach device to.
 * @dev:		[in]	device to be attached.
 * @importer_ops:	[in]	importer operations for the attachment
 * @importer_priv:	[in]	importer private pointer for the attachment
 *
 * Returns what dma_buf_mapping_attach() returns.
 */
struct dma_buf_attachment *
dma_buf_dynamic_attach(struct dma_buf *dmabuf, struct device *dev,
		       const struct dma_buf_attach_ops *importer_ops,
		       void *importer_priv)
{
	struct dma_buf_mapping_match accepted[] = {
		dma_buf_accept_sgt(dev, importer_ops && importer_ops->allow_peer2peer),
	};

	return dma_buf_mapping_attach(dmabuf, accepted, ARRAY_SIZE(accepted),
				      importer_ops, importer_priv);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_dynamic_attach, "DMA_BUF");
`;

const choose = `	args.attach = attach;
	if (dmabuf->ops->match_mapping)
		ret = dmabuf->ops->match_mapping(&args);
	else
		ret = dma_buf_match_mapping(&args, &dma_buf_plain_offer, 1);
	if (ret)
		goto err_attach;
	attach->dev = attach->match.dev;
	attach->peer2peer = attach->match.peer2peer;

`;

const sgtHelpers = `/* an exporter without match_mapping has no ops of a type */
static struct sg_table *dma_buf_sgt_map(struct dma_buf_attachment *attach,
					enum dma_data_direction direction)
{
	const struct dma_buf_sgt_exp_ops *sgt_ops = attach->exp_ops;

	if (sgt_ops)
		return sgt_ops->map(attach, direction);
	return attach->dmabuf->ops->map_dma_buf(attach, direction);
}

static void dma_buf_sgt_unmap(struct dma_buf_attachment *attach,
			      struct sg_table *sg_table,
			      enum dma_data_direction direction)
{
	const struct dma_buf_sgt_exp_ops *sgt_ops = attach->exp_ops;

	if (sgt_ops)
		sgt_ops->unmap(attach, sg_table, direction);
	else
		attach->dmabuf->ops->unmap_dma_buf(attach, sg_table, direction);
}

`;

/** Patch 1: importer and exporter agree on a type when they attach. */
export const addTypes: PatchPlan = {
  subject: 'dma-buf: let importer and exporter agree on a mapping type',
  body: 'An importer lists what it accepts, an exporter what it offers. So far there are tables of pages.',
  edit: (draft) => {
    draft.write(matchHeader, headerWithoutPhys());
    editHeader(draft);
    editAttach(draft);
    replaceIn(
      draft,
      dmaBufCore,
      /\|\| !exp_info->ops->((?:un)?map_dma_buf)\b/g,
      '|| (!exp_info->ops->match_mapping && !exp_info->ops->$1)',
    );
    replaceIn(draft, dmaBufCore, /attach->dmabuf->ops->(un)?map_dma_buf\(attach, /g, 'dma_buf_sgt_$1map(attach, ');
    replaceIn(draft, dmaBufCore, /(?=\/\*\*\n \* dma_buf_map_attachment - )/, sgtHelpers);
    replaceIn(draft, dmaBufCore, / \* {5}- dma_buf_dynamic_attach\(\)\n/, '$& *     - dma_buf_mapping_attach()\n');
    replaceIn(draft, dmaBufCore, / \* {5}- &dma_buf_ops\.attach\(\)\n/, '$& *     - &dma_buf_ops.match_mapping()\n');
  },
};

function editHeader(draft: Draft): void {
  const add = (before: RegExp, text: string): void => replaceIn(draft, dmaBufHeader, before, text);
  add(/#include <linux\/dma-mapping\.h>\n/, '#include <linux/dma-buf-match.h>\n$&');
  add(
    /struct dma_buf_ops \{\n/,
    `$&	/**
	 * @match_mapping:
	 *
	 * Chooses a mapping for an importer, the exporter's best first. An
	 * exporter without it offers tables of pages.
	 */
	int (*match_mapping)(struct dma_buf_match_args *args);

`,
  );
  add(
    /(\nstruct dma_buf_attachment \{\n)/,
    `$1	/** @match: what importer and exporter agreed on */
	struct dma_buf_mapping_match match;
	/** @exp_ops: the exporter's ops of that type, if it has any */
	const void *exp_ops;
`,
  );
  add(
    /(?=void dma_buf_detach\()/,
    `struct dma_buf_attachment *
dma_buf_mapping_attach(${mappingAttachParameters});
int dma_buf_match_mapping(struct dma_buf_match_args *args,
			  const struct dma_buf_mapping_match *offers,
			  size_t count);
`,
  );
}

function editAttach(draft: Draft): void {
  const edit = (wanted: RegExp, text: string): void => replaceIn(draft, dmaBufCore, wanted, text);
  const agreement = coreBlock('const struct dma_buf_mapping_type dma_buf_sgt_type', 'dma_buf_sgt_type');
  const offer = `static const struct dma_buf_mapping_match dma_buf_plain_offer = {\n\t.type = &dma_buf_sgt_type,\n};\n`;
  const match = coreBlock('/**\n * dma_buf_match_mapping', 'dma_buf_match_mapping');
  edit(/(?=\/\*\*\n \* dma_buf_dynamic_attach - )/, `${agreement}\n${offer}\n${match}\n`);
  edit(
    /( \* )dma_buf_dynamic_attach( - .*\n.*\n) \* @dev:.*\n/,
    '$1dma_buf_mapping_attach$2 * @matches:\t\t[in]\twhat the importer accepts\n * @count:\t\t[in]\thow many entries\n',
  );
  edit(
    /dma_buf_dynamic_attach\([^{;]*\)\n\{\n/,
    `dma_buf_mapping_attach(${mappingAttachParameters})
{
	struct dma_buf_match_args args = {
		.dmabuf = dmabuf,
		.accepted = matches,
		.count = count,
	};
`,
  );
  edit(/WARN_ON\(!dmabuf \|\| !dev\)/, 'WARN_ON(!dmabuf || !count)');
  edit(/\tattach->dev = dev;\n/, '');
  edit(/\tif \(importer_ops\)\n\t\tattach->peer2peer = .*\n/, '');
  edit(/(?=\tif \(dmabuf->ops->attach\) \{\n)/, choose);
  edit(/(trace_dma_buf_dynamic_attach,[^;]*, )dev\);/, '$1attach->dev);');
  edit(
    /EXPORT_SYMBOL_NS_GPL\(dma_buf_dynamic_attach, "DMA_BUF"\);\n/,
    `EXPORT_SYMBOL_NS_GPL(dma_buf_mapping_attach, "DMA_BUF");\n${dynamicAttach}`,
  );
}

/** Patch 2: a second type. */
export const addPhys: PatchPlan = {
  subject: 'dma-buf: add a mapping type for physical addresses',
  body: 'An IOMMU needs no DMA addresses.',
  edit: (draft) => {
    draft.write(
      matchHeader,
      fixture('include/linux/dma-buf-mapping.h')
        .replaceAll('__DMA_BUF_MAPPING_H__', '__DMA_BUF_MATCH_H__')
        .replace('struct dma_buf_phys_list;\n', '')
        .replace(
          /(?=\/\*\*\n \* struct dma_buf_mapping_type)/,
          'struct dma_buf_phys_list {\n\tsize_t count;\n\tphys_addr_t addrs[];\n};\n\n',
        ),
    );
    const type = coreBlock('const struct dma_buf_mapping_type dma_buf_phys_type', 'dma_buf_phys_type');
    replaceIn(draft, dmaBufCore, /(?=static const struct dma_buf_mapping_match dma_buf_plain_offer)/, `${type}\n`);
    const functions = coreBlock('struct dma_buf_phys_list *dma_buf_phys_map', 'dma_buf_phys_unmap');
    replaceIn(draft, dmaBufCore, /(?=\/\*\*\n \* dma_buf_attach_revocable - )/, `${functions}\n`);
    replaceIn(
      draft,
      dmaBufCore,
      / \* {5}- dma_buf_unmap_attachment\(\)\n/,
      '$& *     - dma_buf_phys_map()\n *     - dma_buf_phys_unmap()\n',
    );
    replaceIn(
      draft,
      dmaBufHeader,
      /(?=void dma_buf_invalidate_mappings\()/,
      `struct dma_buf_phys_list *dma_buf_phys_map(struct dma_buf_attachment *attach);
void dma_buf_phys_unmap(struct dma_buf_attachment *attach,
			struct dma_buf_phys_list *list);
`,
    );
  },
};

const wrapper = (name: string): string =>
  name.startsWith('un')
    ? `static inline void dma_buf_${name}(struct dma_buf_attachment *attach, struct sg_table *sgt,
				enum dma_data_direction dir)
{
	dma_buf_sgt_${name}(attach, sgt, dir);
}

`
    : `static inline struct sg_table *dma_buf_${name}(struct dma_buf_attachment *attach,
				enum dma_data_direction dir)
{
	return dma_buf_sgt_${name}(attach, dir);
}

`;
const wrappers = ['map_attachment', 'unmap_attachment', 'map_attachment_unlocked', 'unmap_attachment_unlocked']
  .map(wrapper)
  .join('');

/** Patch 7: the functions for tables of pages get a prefix; the old names are wrappers. */
export const addPrefix: PatchPlan = {
  subject: 'dma-buf: map tables of pages by functions with a prefix',
  body: 'The old names stay until all users are converted.',
  edit: (draft) => {
    for (const path of [dmaBufCore, dmaBufHeader]) prefixIn(draft, path);
    replaceIn(draft, dmaBufHeader, /(?=#endif[^\n]*\n$)/, wrappers);
  },
};

/** Patch 10: the wrappers go. */
export const dropOldNames: PatchPlan = {
  subject: 'dma-buf: drop the old names for tables of pages',
  body: 'Nobody uses them any more.',
  edit: (draft) => replaceIn(draft, dmaBufHeader, wrappers, ''),
};
