import {
  type CallbackVerdict,
  type Deferral,
  type DeferringVerdict,
  type Importer,
  stepAt,
} from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { callbackSteps, importerTrace } from '../shared/importer-trace.js';

export default defineRule({
  id: 'callback-never-unmaps',
  group: 'importer',
  severity: 'warning',
  scope: 'tree',
  *check(contract) {
    const { codebase, dialect } = contract;
    for (const importer of contract.importers) {
      const { table, verdict, mapUses } = importer;
      const [map] = mapUses;
      const deferral = deferralOf(verdict);
      if ((verdict.kind !== 'never-unmaps' && !deferral) || !map) continue;
      yield {
        path: table.path,
        at: table.at,
        subject: table.name,
        confidence: confidenceOf(importer),
        message: deferral
          ? `importer '${table.name}' maps, but its ${dialect.callback} '${importer.callback}' defers the unmap until ${occasions[deferral.how]}${farAs(verdict)}: an exporter that revokes may wait forever`
          : `importer '${table.name}' maps, but its ${dialect.callback} '${importer.callback}' never unmaps: an exporter that revokes waits forever`,
        trace: importerTrace(contract, importer, [
          stepAt(codebase, map.use.ref.path, map.use.call.at, `mapped here by ${map.use.place.function}()`),
          ...(deferral ? deferral.trace : callbackSteps(importer)),
        ]),
      };
    }
  },
});

/** What the unmap waits for. */
const occasions: Readonly<Record<Deferral, string>> = {
  refresh: 'it maps again',
  'device-gone': 'its own device is gone',
};

/** The deferral, if every unmap that was found is deferred. */
function deferralOf(verdict: CallbackVerdict): DeferringVerdict | undefined {
  if (verdict.kind === 'defers') return verdict;
  return verdict.kind === 'opaque' ? verdict.deferred : undefined;
}

function farAs(verdict: CallbackVerdict): string {
  return verdict.kind === 'opaque' ? `, as far as it was followed (not through ${verdict.through})` : '';
}

/** Medium at most for a deferred unmap: the analysis reads the conditions around it, not the values that decide them. */
function confidenceOf({ verdict, mapUses }: Importer) {
  const isLinked = mapUses.some((use) => use.via === 'path');
  if (verdict.kind === 'opaque') return 'low';
  if (verdict.kind === 'defers') return isLinked ? 'medium' : 'low';
  return isLinked ? 'high' : 'medium';
}
