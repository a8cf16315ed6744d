import { coreRefuses, type Importer, isSet, stepAt } from '../../src/contract/index.js';
import { callbackNames } from '../../src/kernel/index.js';
import { defineRule, type Report } from '../../src/lint/index.js';
import { importerTrace } from '../shared/importer-trace.js';

export default defineRule({
  id: 'missing-callback',
  group: 'importer',
  severity: 'error',
  scope: 'tree',
  *check(contract) {
    const { callback, callbackRequired } = contract.dialect;
    for (const importer of contract.importers) {
      const { table, verdict, attachPaths } = importer;
      // A table that sets the callback under its other name does not compile: `renamed-api` reports it.
      if (verdict.kind !== 'absent' || callbackNames.some((name) => isSet(table, name))) continue;
      const common = { path: table.path, at: table.at, subject: table.name };
      if (callbackRequired) {
        // A tree may take another callback in its place.
        if (coreRefuses(contract.codebase, 'importer', (member) => isSet(table, member)) === false) continue;
        yield {
          ...common,
          confidence: attachPaths.length > 0 ? 'high' : 'medium',
          message: `importer '${table.name}' has no ${callback}: dma_buf_dynamic_attach() fails with -EINVAL`,
          trace: importerTrace(contract, importer),
        };
      } else if (importer.status === 'unsafe') {
        yield { ...common, ...unpinnedMapping(importer), trace: importerTrace(contract, importer, mapSteps(importer)) };
      }
    }

    function mapSteps({ mapUses }: Importer) {
      return mapUses
        .slice(0, 1)
        .map(({ use }) => stepAt(contract.codebase, use.ref.path, use.call.at, 'mapped here without a lasting pin'));
    }
  },
});

function unpinnedMapping({ table, mapUses, pinUses }: Importer): Pick<Report, 'confidence' | 'message'> {
  return {
    confidence: mapUses.some((map) => map.via === 'path') && pinUses.length === 0 ? 'high' : 'medium',
    message: `importer '${table.name}' has no callback and maps without a pin: its device keeps using memory that has moved`,
  };
}
