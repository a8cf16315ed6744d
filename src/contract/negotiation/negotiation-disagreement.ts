// What happens where an importer and an exporter do not agree on a mapping type?

import type { MappingTypes } from '../model/mapping-types.js';
import type { TraceStep } from '../places.js';
import type { ExporterSide } from './negotiation-exporter.js';
import type { ImporterSide } from './negotiation-importer.js';
import { type Pick, typesInWords } from './negotiation-types.js';
import { type Negotiated, outcome } from './negotiation-verdict.js';

interface Lists {
  readonly importer: ImporterSide;
  readonly exporter: ExporterSide;
  readonly accepted: MappingTypes;
  readonly offered: MappingTypes;
}

/** The outcome where they have no mapping type in common, or may have none; null where they agree. */
export function disagreement(picked: Pick, { importer, exporter, accepted, offered }: Lists): Negotiated | null {
  const trace = [...importer.attachTrace, ...stepsOf(accepted), ...stepsOf(offered)];
  const sides = `'${importer.name}' accepts ${typesInWords(accepted)}; '${exporter.name}' offers ${typesInWords(offered)}`;
  switch (picked.kind) {
    case 'picked':
      return null;
    case 'none':
      return {
        ...outcome('refused at attach', 'no common type', `no mapping type in common: ${sides}`, trace),
        mappingTypes: [],
      };
    case 'not-peer-to-peer':
      return {
        ...outcome(
          'refused at attach',
          'not peer-to-peer',
          `'${exporter.name}' offers ${picked.type} only to importers that allow peer-to-peer`,
          [...importer.attachTrace, picked.entry.step],
        ),
        mappingTypes: [],
      };
    case 'unknown': {
      const reason = `they may have no mapping type in common: ${picked.why}; ${sides}`;
      return { ...outcome('unknown', 'mapping type not known', reason, trace), mappingTypes: picked.types };
    }
  }
}

function stepsOf({ entries }: MappingTypes): readonly TraceStep[] {
  return entries.slice(0, 1).map(({ step }) => step);
}
