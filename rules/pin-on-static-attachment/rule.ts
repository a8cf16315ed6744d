import { type AttachSite, type Contract, stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'pin-on-static-attachment',
  group: 'importer',
  severity: 'error',
  scope: 'tree',
  *check(contract) {
    for (const use of contract.uses) {
      if (use.kind !== 'pin' && use.kind !== 'unpin') continue;
      const [link] = use.links;
      if (!link || !use.links.every(({ site }) => isWithoutOps(contract, site))) continue;
      yield {
        path: use.ref.path,
        at: use.call.at,
        subject: use.ref.outline.name,
        confidence: use.links.every(({ via }) => via === 'path') ? 'high' : 'medium',
        message: `${use.name}() on an attachment without ops: only dynamic importers may pin`,
        trace: [
          stepAt(
            contract.codebase,
            link.site.ref.path,
            link.site.call.at,
            `attached here by ${link.site.place.function}() without ops`,
          ),
        ],
      };
    }
  },
});

/** Whether an attach is dma_buf_attach(), or dma_buf_dynamic_attach() with NULL ops on every known path. */
function isWithoutOps({ attachPaths }: Contract, site: AttachSite): boolean {
  const own = attachPaths.filter((path) => path.site.call.at === site.call.at && path.site.ref.path === site.ref.path);
  return site.isStatic || (own.length > 0 && own.every((path) => path.table === null));
}
