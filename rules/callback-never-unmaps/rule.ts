import { stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { callbackSteps, importerTrace } from '../importer-trace.js';

export default defineRule({
  id: 'callback-never-unmaps',
  group: 'importer',
  severity: 'warning',
  *check(contract) {
    const { world, dialect } = contract;
    for (const importer of contract.importers) {
      const { table, verdict, mapUses, callback } = importer;
      const [map] = mapUses;
      if (verdict.kind !== 'never-unmaps' || !map) continue;
      yield {
        path: table.path,
        at: table.at,
        subject: table.name,
        confidence: mapUses.some((use) => use.via === 'path') ? 'high' : 'medium',
        message: `importer '${table.name}' maps, but its ${dialect.callback} '${callback}' reaches no unmap: an exporter that revokes waits for ever`,
        trace: importerTrace(contract, importer, [
          stepAt(world, map.use.ref.path, map.use.call.at, `mapped here by ${map.use.place.function}()`),
          ...callbackSteps(importer),
        ]),
      };
    }
  },
});
