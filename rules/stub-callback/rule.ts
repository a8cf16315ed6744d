import type { Importer } from '../../src/contract/index.js';
import { type Confidence, defineRule } from '../../src/lint/index.js';
import { callbackSteps, importerTrace } from '../shared/importer-trace.js';

export default defineRule({
  id: 'stub-callback',
  group: 'importer',
  severity: 'error',
  scope: 'tree',
  *check(contract) {
    const { callback } = contract.dialect;
    for (const importer of contract.importers) {
      const { table, verdict, status } = importer;
      if (verdict.kind !== 'stub' || status !== 'unsafe') continue;
      yield {
        path: table.path,
        at: table.at,
        subject: table.name,
        confidence: confidenceOf(importer),
        message: `importer '${table.name}' does not pin and its ${callback} does nothing: its device keeps using memory that has moved`,
        trace: importerTrace(contract, importer, callbackSteps(importer)),
      };
    }
  },
});

/** Low if no attach with the table was found: the code that attaches may also pin. */
function confidenceOf({ attachPaths, pinUses, mapUses }: Importer): Confidence {
  if (attachPaths.length === 0) return 'low';
  return pinUses.length === 0 && mapUses.length > 0 ? 'high' : 'medium';
}
