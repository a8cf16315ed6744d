// Does a driver put an imported buffer before it ends the object that has the reservation of that buffer?

import { callsIn } from '../../c/index.js';
import { graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { endsWithReservation, primeImport, referenceFunctions, takesReservation } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import type { OutlivedReservation } from '../model/importer.js';
import { freesIn } from '../owners/undestroyed-imports.js';
import { tableImporters } from '../tables/table-importers.js';

/**
 * Finds the functions that free GEM objects and end the import of one before the object, where the driver's objects have the
 * reservation of the imported buffer.
 */
export function findOutlivedReservations(codebase: Codebase): readonly OutlivedReservation[] {
  const { program, definitions } = codebase;
  const frees = new Map<string, FunctionRef>();
  for (const importer of tableImporters(codebase)) {
    if (importer.path === primeImport.source || !takesReservation(program.bodyText(importer))) continue;
    for (const path of definitions.module(importer.path))
      for (const free of freesIn(codebase, path)) frees.set(functionKey(free), free);
  }
  return [...frees.values()].flatMap((ref) => outlivedIn(codebase, ref));
}

function outlivedIn({ program }: Codebase, ref: FunctionRef): readonly OutlivedReservation[] {
  const { body } = program.lower(ref);
  const calls = callsIn(body);
  // A reference of its own keeps the buffer until the object has ended.
  const references = new Set(referenceFunctions('ref'));
  if (calls.some(({ name }) => references.has(name ?? ''))) return [];
  const graph = graphOf(program.lower(ref));
  return calls.flatMap(({ name, call: put }): readonly OutlivedReservation[] => {
    if (name !== primeImport.end) return [];
    const from = nodeOfCall(graph, put);
    const later = calls.find(
      ({ name: end, call }) =>
        end !== null &&
        endsWithReservation(end) &&
        isReachable(graph, from, {
          isGoal: (_, index) => index !== from && index === nodeOfCall(graph, call),
          isBlocked: () => false,
          next: successors,
        }),
    );
    return later?.name
      ? [{ ref, at: put.at, put: name, end: later.name, endPath: ref.path, endAt: later.call.at }]
      : [];
  });
}
