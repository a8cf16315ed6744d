import { type Draft, type PatchPlan, replaceIn } from './commit-drafts.js';

const core = 'drivers/dma-buf/dma-buf.c';
const header = 'include/linux/dma-buf.h';
const rdma = 'drivers/infiniband/core/umem_dmabuf.c';
const manual = 'Documentation/driver-api/dma-buf.rst';

const callbackUsers = [
  header,
  core,
  'drivers/gpu/drm/amd/amdgpu/amdgpu_dma_buf.c',
  'drivers/gpu/drm/xe/tests/xe_dma_buf.c',
  'drivers/gpu/drm/xe/xe_dma_buf.c',
  rdma,
  'drivers/infiniband/hw/mlx5/mr.c',
];

const xeUser = 'drivers/gpu/drm/xe/xe_bo.c';
const notifyUsers = [header, core, 'drivers/gpu/drm/amd/amdgpu/amdgpu_object.c', xeUser];

/** Renames the callback after what an importer has to do. */
export const renameCallback: PatchPlan = {
  subject: 'dma-buf: rename the move_notify callback to invalidate_mappings',
  body: `
The callback does not only tell of a move: exporters also call it to take
the memory away. What an importer has to do is the same in both cases, it
has to stop using its mappings. Name the callback after that.

No functional change.`,
  edit: (draft) => {
    for (const path of callbackUsers) replaceIn(draft, path, /\bmove_notify\b/g, 'invalidate_mappings');
  },
};

/** Renames the function after the callback that it calls. */
export const renameNotify: PatchPlan = {
  subject: 'dma-buf: rename dma_buf_move_notify() to dma_buf_invalidate_mappings()',
  body: `
The function calls the invalidate_mappings callback of all importers: let
its name say so, too. All users are converted at once.

No functional change.`,
  edit: (draft) => renameNotifyIn(draft, notifyUsers),
};

/** The same, with one user forgotten. */
export const renameNotifyButXe: PatchPlan = {
  ...renameNotify,
  edit: (draft) =>
    renameNotifyIn(
      draft,
      notifyUsers.filter((path) => path !== xeUser),
    ),
};

function renameNotifyIn(draft: Draft, paths: readonly string[]): void {
  for (const path of paths) replaceIn(draft, path, /\bdma_buf_move_notify\b/g, 'dma_buf_invalidate_mappings');
  if (!paths.includes(xeUser)) return;
  replaceIn(
    draft,
    xeUser,
    "/* Don't call move_notify() for imported dma-bufs. */",
    "/* Don't call dma_buf_invalidate_mappings() for imported dma-bufs. */",
  );
}

/** From here on an importer may leave the callback out. */
export const makeOptional: PatchPlan = {
  subject: 'dma-buf: let importers leave invalidate_mappings out',
  body: `
The documentation has always called the callback optional, but
dma_buf_dynamic_attach() insists on it. So importers that pin the memory,
and cannot follow when it is taken away nonetheless, have to pretend that
they can.

Call the callback only where there is one.`,
  edit: (draft) => {
    replaceIn(draft, core, /\tif \(WARN_ON\(importer_ops && !importer_ops->invalidate_mappings\)\)\n.*\n\n/, '');
    replaceIn(
      draft,
      core,
      /\t\tif \(attach->importer_ops\)\n(?=\t+attach->importer_ops->invalidate_mappings)/,
      '\t\tif (attach->importer_ops &&\n\t\t    attach->importer_ops->invalidate_mappings)\n',
    );
  },
};

/** The importer whose callback did nothing now has no callback. */
export const markRdma: PatchPlan = {
  subject: 'RDMA/umem: do not pretend that pinned dma-bufs can be invalidated',
  body: `
Without on-demand paging the memory of a umem is pinned, and nothing can
be done when the exporter takes it away: the callback does no more than
print a warning. Leave it out, which tells exporters as much.`,
  edit: (draft) => {
    replaceIn(
      draft,
      rdma,
      /static void\nib_umem_dmabuf_unsupported_move_notify\(struct dma_buf_attachment \*attach\)\n\{\n[^}]*\}\n\n/,
      '',
    );
    replaceIn(draft, rdma, '\t.invalidate_mappings = ib_umem_dmabuf_unsupported_move_notify,\n', '');
    replaceIn(draft, rdma, 'if (unlikely(!ops || !ops->invalidate_mappings))', 'if (unlikely(!ops))');
  },
};

/** Adds the function by which an exporter asks whether an importer can be revoked. */
export const addRevocable: PatchPlan = {
  subject: 'dma-buf: add dma_buf_attach_revocable()',
  body: `
An exporter that is going to take its memory back must know beforehand
which importers can let go of it. Give it a function to ask in its attach
or pin callback.`,
  edit: (draft) => {
    replaceIn(
      draft,
      core,
      'EXPORT_SYMBOL_NS_GPL(dma_buf_invalidate_mappings, DMA_BUF);\n',
      `EXPORT_SYMBOL_NS_GPL(dma_buf_invalidate_mappings, DMA_BUF);

/**
 * dma_buf_attach_revocable - can this importer let go of the buffer?
 *
 * @attach:	[in]	attachment to ask about
 *
 * Exporters that take their memory back while it is mapped or pinned ask this
 * in &dma_buf_ops.attach or &dma_buf_ops.pin, and refuse who cannot.
 *
 * Returns: true if the importer stops using the memory, and unmaps it within
 * bounded time, when it is told to by dma_buf_invalidate_mappings().
 */
bool dma_buf_attach_revocable(struct dma_buf_attachment *attach)
{
	return attach->importer_ops &&
	       attach->importer_ops->invalidate_mappings;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_attach_revocable, DMA_BUF);
`,
    );
    const prototype = 'void dma_buf_invalidate_mappings(struct dma_buf *dma_buf);\n';
    const added = 'bool dma_buf_attach_revocable(struct dma_buf_attachment *attach);\n';
    replaceIn(draft, header, prototype, prototype + added);
  },
};

/** Documents what drivers already do. */
export const writeDown: PatchPlan = {
  subject: 'dma-buf: document how memory is taken back from importers',
  body: `
Exporters call invalidate_mappings while the buffer is pinned, to revoke
it. Write down what that means, for those who call and for those who are
called, and what an importer says by leaving the callback out.`,
  edit: (draft) => {
    replaceIn(
      draft,
      core,
      /^( \* Informs all attachments that .*\n(?: \* .*\n)*)(?= \*\/\nvoid dma_buf_inv)/m,
      `$1${notifyText}`,
    );
    replaceIn(
      draft,
      core,
      '/**\n * dma_buf_invalidate_mappings - ',
      `${revokeText}/**\n * dma_buf_invalidate_mappings - `,
    );
    replaceIn(draft, header, /(?=^\t \*\/\n\tvoid \(\*invalidate_mappings\))/m, callbackText);
    replaceIn(
      draft,
      manual,
      'CPU Access to DMA Buffer Objects\n~~~~',
      `${manualText}CPU Access to DMA Buffer Objects\n~~~~`,
    );
  },
};

const notifyText = ` *
 * Importers that pin the buffer are called as well: for them it means that the
 * memory is taken back, see \`Revoking a buffer\`_. Access may go on when this
 * returns. Exporters must wait for the fences in &dma_buf.resv before they move
 * the memory, and for all mappings to be gone before they reuse it.
`;

const revokeText = `/**
 * DOC: revoking a buffer
 *
 * An exporter may have to take its memory back while importers use it, even
 * while they have pinned it with dma_buf_pin(): the device may be unplugged or
 * reset, or user space may take it away. This is called revoking. The exporter
 *
 * 1. takes the reservation lock, and makes &dma_buf_ops.map_dma_buf fail from
 *    now on,
 * 2. calls dma_buf_invalidate_mappings(),
 * 3. waits for all fences, DMA_RESV_USAGE_BOOKKEEP, and drops the lock,
 * 4. waits until every importer has unmapped.
 *
 * A pinned importer must take the call of its
 * &dma_buf_attach_ops.invalidate_mappings for a revocation. It must stop its
 * device from using the memory, and unmap it within bounded time.
 *
 * An importer that pins and cannot do that must leave invalidate_mappings out.
 * Exporters that revoke must refuse it: see dma_buf_attach_revocable().
 */

`;

const callbackText = `\t *
	 * The exporter may call this while the importer has pinned the buffer:
	 * the buffer is then revoked, and mapping it again will fail. The
	 * importer must stop all access, and unmap within bounded time.
	 *
	 * An importer that pins the buffer and cannot do that must leave this
	 * NULL. It can then not attach to exporters that revoke buffers, which
	 * ask dma_buf_attach_revocable().
`;

const manualText = `Revoking a Buffer
~~~~~~~~~~~~~~~~~

.. kernel-doc:: drivers/dma-buf/dma-buf.c
   :doc: revoking a buffer

`;
