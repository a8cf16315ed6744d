import { defineRule } from '../../src/lint/index.js';
import { confidenceIn, firstOfEach, revocationTrace } from '../shared/revocations.js';

export default defineRule({
  id: 'revoke-no-fence-wait',
  group: 'exporter',
  severity: 'warning',
  scope: 'tree',
  *check(contract) {
    const lacks = firstOfEach(contract, ({ sequence }) => sequence.fenceWaits.every((wait) => wait.missedBy !== null));
    for (const revocation of lacks) {
      const { exporter, invalidation, sequence } = revocation;
      const [wait] = sequence.fenceWaits;
      const what = wait ? 'waits for the fences on some paths only' : 'does not wait for the fences';
      const missed = wait
        ? [{ file: wait.file, line: wait.missedBy ?? wait.line, message: 'a path returns here without the wait' }]
        : [];
      yield {
        path: invalidation.place.file,
        at: invalidation.at,
        subject: exporter.table.name,
        confidence: wait ? 'low' : confidenceIn(revocation),
        message: `exporter '${exporter.table.name}' revokes and ${what}: queued work keeps using memory that is gone`,
        trace: revocationTrace(contract, revocation, missed),
      };
    }
  },
});
