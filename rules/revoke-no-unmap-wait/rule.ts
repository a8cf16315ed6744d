import { defineRule } from '../../src/lint/index.js';
import { confidenceIn, firstOfEach, revocationTrace } from '../shared/revocations.js';

export default defineRule({
  id: 'revoke-no-unmap-wait',
  group: 'exporter',
  severity: 'note',
  scope: 'tree',
  *check(contract) {
    const lacks = firstOfEach(contract, ({ sequence }) => sequence.unmapWaits.every((wait) => wait.underLock));
    for (const revocation of lacks) {
      const { exporter, invalidation, sequence } = revocation;
      const [wait] = sequence.unmapWaits;
      const what = wait
        ? 'waits for the unmaps with the reservation lock held: no importer can unmap, and the wait never ends'
        : 'does not wait until every importer has unmapped: their devices can still access the memory';
      yield {
        path: invalidation.place.file,
        at: invalidation.at,
        subject: exporter.table.name,
        confidence: wait && wait.field === null ? 'low' : confidenceIn(revocation),
        message: `exporter '${exporter.table.name}' revokes and ${what}`,
        trace: revocationTrace(
          contract,
          revocation,
          wait ? [{ file: wait.file, line: wait.line, message: 'waits here with the lock still held' }] : [],
        ),
      };
    }
  },
});
