// Can `map_dma_buf` return NULL? Importers test its result with IS_ERR(), and so does the core.

import { nullReturns } from '../../flow/index.js';
import type { Codebase } from '../../program/index.js';
import { decisionSteps } from '../lifetimes/defects.js';
import type { NullMap } from '../model/exporter.js';
import { stepAt } from '../places.js';
import { type OpsTable, opFunction } from '../tables/ops-table.js';

/** Returns where an exporter's `map_dma_buf` returns NULL; null where it does not, or its code is not known. */
export function nullMapOf(codebase: Codebase, table: OpsTable): NullMap | null {
  const ref = opFunction(codebase, table, 'map_dma_buf');
  const [first] = ref ? nullReturns(codebase, ref) : [];
  if (!ref || !first) return null;
  return {
    function: ref.outline.name,
    path: ref.path,
    at: first.at,
    steps: [
      stepAt(codebase, table.path, table.at, `${ref.outline.name}() is the map_dma_buf of '${table.name}'`),
      ...decisionSteps(codebase, first.decisions, null),
    ],
  };
}
