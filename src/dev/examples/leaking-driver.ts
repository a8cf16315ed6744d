import assert from 'node:assert/strict';

/** Where the driver of these examples is. */
export const path = 'drivers/example/example.c';

/** A driver that is right. */
export const good = `#include <linux/dma-buf.h>
#include <linux/dma-resv.h>

static const struct dma_buf_attach_ops ex_ops = { .allow_peer2peer = true };

int ex_import(struct ex_buf *buf, struct dma_buf *dmabuf)
{
	struct dma_buf_attachment *attach;
	int ret;

	attach = dma_buf_dynamic_attach(dmabuf, buf->dev, &ex_ops, buf);
	if (IS_ERR(attach))
		return PTR_ERR(attach);

	dma_resv_lock(dmabuf->resv, NULL);
	ret = dma_buf_pin(attach);
	dma_resv_unlock(dmabuf->resv);
	if (ret) {
		dma_buf_detach(dmabuf, attach);
		return ret;
	}
	buf->attach = attach;
	return 0;
}

void ex_release(struct ex_buf *buf)
{
	dma_resv_lock(buf->attach->dmabuf->resv, NULL);
	dma_buf_unpin(buf->attach);
	dma_resv_unlock(buf->attach->dmabuf->resv);
	dma_buf_detach(buf->attach->dmabuf, buf->attach);
}
`;

/** The defect: on failure the attachment stays. */
export const leak: Edit = ['\t\tdma_buf_detach(dmabuf, attach);\n', ''];
/** The line at which the leak is reported. */
export const attach = '\tattach = dma_buf_dynamic_attach(';
export const order = '/* dmabuf-lint: ignore attach-leak -- the caller detaches */';
/** The comment that hides it. */
export const hide: Edit = [attach, `\t${order}\n${attach}`];

/** Text that is replaced by another. */
export type Edit = readonly [from: string, to: string];

/** A text with edits, each of which must find its text. */
export const edited = (text: string, ...edits: readonly Edit[]): string =>
  edits.reduce((changed, [from, to]) => {
    assert.ok(changed.includes(from), from);
    return changed.replace(from, to);
  }, text);
