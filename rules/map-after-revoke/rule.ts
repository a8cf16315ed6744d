import { stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { confidenceIn, firstOfEach, revocationTrace } from '../shared/revocations.js';

export default defineRule({
  id: 'map-after-revoke',
  group: 'exporter',
  severity: 'warning',
  scope: 'tree',
  *check(contract) {
    const seen = new Set<string>();
    const waiting = firstOfEach(contract, ({ sequence }) => sequence.unmapWaits.some((wait) => wait.field !== null));
    for (const revocation of waiting) {
      const { exporter } = revocation;
      const map = exporter.mapAfterRevoke;
      if (map?.verdict !== 'maps' || seen.has(exporter.table.name)) continue;
      seen.add(exporter.table.name);
      yield {
        path: map.path,
        at: map.at,
        subject: exporter.table.name,
        confidence: confidenceIn(revocation),
        message: `exporter '${exporter.table.name}' revokes, but ${map.function}() still maps afterwards: importers access memory that is gone`,
        trace: revocationTrace(contract, revocation, [
          stepAt(
            contract.codebase,
            map.path,
            map.at,
            `${map.function}() returns no error for any field that the revocation sets`,
          ),
        ]),
      };
    }
  },
});
