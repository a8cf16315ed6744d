import type { Contract, Importer, ImporterUse } from '../../src/contract/index.js';
import { type Confidence, defineRule } from '../../src/lint/index.js';
import { callbackSteps, importerTrace } from '../shared/importer-trace.js';
import { markImporter } from './fix.js';

export default defineRule({
  id: 'pinned-importer-unmarked',
  group: 'importer',
  severity: 'error',
  scope: 'tree',
  hasFixes: true,
  *check(contract) {
    const unmarked = contract.importers.filter((importer) => isUnmarked(contract, importer));
    for (const importer of unmarked) {
      const { table } = importer;
      yield {
        path: table.path,
        at: table.at,
        subject: table.name,
        confidence: confidenceOf(importer),
        message: `pinned importer '${table.name}' cannot be invalidated ${silence(contract)}: ${reason(contract, importer)}`,
        trace: importerTrace(contract, importer, callbackSteps(importer)),
        fix: () => markImporter(contract, importer, unmarked),
      };
    }
  },
});

/** Without a required callback the attach fails before anything is pinned: `missing-callback` reports that. */
function isUnmarked({ dialect }: Contract, { status, verdict }: Importer): boolean {
  return status === 'undeclared-non-revocable' && !(verdict.kind === 'absent' && dialect.callbackRequired);
}

function confidenceOf({ pins, pinUses, attachPaths }: Importer): Confidence {
  if (pins === 'always') return 'high';
  // A pin through a struct field is certain enough if only this importer stores attachments in that field.
  const isOwn = (pin: ImporterUse): boolean =>
    pin.use.links.every(({ site }) => attachPaths.some((path) => path.site.call.at === site.call.at));
  return pinUses.some((pin) => pin.via === 'path' || isOwn(pin)) ? 'medium' : 'low';
}

/** In a tree without a mark the author cannot do better: who changes the tree must know. */
function silence({ dialect }: Contract): string {
  return dialect.callbackRequired && dialect.markers.length === 0
    ? 'and cannot say so, since this tree has no mark for that'
    : 'but does not say so';
}

function reason({ dialect }: Contract, { verdict }: Importer): string {
  const fields = dialect.markers.map((marker) => `'${marker.field}'`).join(' and ');
  const marker =
    dialect.markers.length > 0
      ? `${fields} ${dialect.markers[0]?.setMeansCannot ? 'is not set' : 'claims that it can'}`
      : '';
  const callback =
    verdict.kind === 'stub'
      ? `its ${dialect.callback} only ${verdict.only === 'warns' ? 'warns' : 'returns'}`
      : `it has no ${dialect.callback}`;
  const what = marker === '' ? callback : `${callback}, and ${marker}`;
  return `${what}, so an exporter that revokes may wait forever for its unmap`;
}
