import { type Deferral, type Importer, stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { callbackSteps, importerTrace } from '../importer-trace.js';

export default defineRule({
  id: 'callback-never-unmaps',
  group: 'importer',
  severity: 'warning',
  *check(contract) {
    const { world, dialect } = contract;
    for (const importer of contract.importers) {
      const { table, verdict, mapUses } = importer;
      const [map] = mapUses;
      if ((verdict.kind !== 'never-unmaps' && verdict.kind !== 'defers') || !map) continue;
      yield {
        path: table.path,
        at: table.at,
        subject: table.name,
        confidence: confidenceOf(importer),
        message:
          verdict.kind === 'defers'
            ? `importer '${table.name}' maps, but its ${dialect.callback} '${importer.callback}' only defers its unmap, which ${occasions[verdict.how]}: an exporter that revokes may wait for ever`
            : `importer '${table.name}' maps, but its ${dialect.callback} '${importer.callback}' reaches no unmap: an exporter that revokes waits for ever`,
        trace: importerTrace(contract, importer, [
          stepAt(world, map.use.ref.path, map.use.call.at, `mapped here by ${map.use.place.function}()`),
          ...callbackSteps(importer),
        ]),
      };
    }
  },
});

const occasions: Readonly<Record<Deferral, string>> = {
  refresh: 'comes only with the next mapping',
  'device-gone': 'comes only once its own device is gone',
};

/** That an unmap is deferred is read from the conditions around it, not from the values that decide them. */
function confidenceOf({ verdict, mapUses }: Importer) {
  const isLinked = mapUses.some((use) => use.via === 'path');
  if (verdict.kind === 'defers') return isLinked ? 'medium' : 'low';
  return isLinked ? 'high' : 'medium';
}
