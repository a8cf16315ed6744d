import type { FenceUsage, FenceWait } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { type Revocation, revocations, revocationTrace } from '../shared/revocations.js';
import { waitForAll } from './fix.js';

const widest: readonly FenceUsage[] = ['kernel', 'write', 'read'];

export default defineRule({
  id: 'revoke-wrong-usage',
  group: 'exporter',
  severity: 'warning',
  scope: 'tree',
  hasFixes: true,
  *check(contract) {
    const seen = new Set<string>();
    for (const revocation of revocations(contract)) {
      const wait = tooNarrow(revocation);
      if (!wait || wait.usage === null || seen.has(`${wait.file}:${wait.at}`)) continue;
      seen.add(`${wait.file}:${wait.at}`);
      const { exporter, invalidation, sequence } = revocation;
      yield {
        path: wait.file,
        at: wait.at,
        subject: exporter.table.name,
        // A call that cannot be followed may wait for the other fences.
        confidence: invalidation.isCertain && sequence.opaque.length === 0 ? 'high' : 'low',
        message: `exporter '${exporter.table.name}' revokes and waits only for DMA_RESV_USAGE_${wait.usage.toUpperCase()}: fences in DMA_RESV_USAGE_BOOKKEEP may be pending when the memory goes away`,
        trace: revocationTrace(contract, revocation, [
          { file: wait.file, line: wait.line, message: 'waits for too few fences here' },
        ]),
        fix: () => waitForAll(contract, wait),
      };
    }
  },
});

/** The widest wait of a sequence, if none waits for all fences and each names its usage. */
function tooNarrow({ sequence }: Revocation): FenceWait | undefined {
  const rank = ({ usage }: FenceWait): number => (usage === null ? -1 : widest.indexOf(usage));
  if (sequence.fenceWaits.some((wait) => rank(wait) < 0)) return undefined;
  return [...sequence.fenceWaits].sort((left, right) => rank(right) - rank(left))[0];
}
