import { type Direction, stepAt, type Unmapping } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { functionKey } from '../../src/program/index.js';
import { reportMisuses } from '../shared/path-reports.js';
import { unmapAsMapped } from './fix.js';

export default defineRule({
  id: 'direction-mismatch',
  group: 'importer',
  severity: 'warning',
  scope: 'driver',
  hasFixes: true,
  *check(contract) {
    const { codebase, unmappings } = contract;
    const told = new Set<string>();
    for (const unmapping of unmappings) {
      if (!isMismatch(unmapping)) continue;
      const { use, direction, mappings } = unmapping;
      told.add(`${use.ref.path}:${use.call.at}`);
      const mapped = [...new Set(mappings.map((mapping) => wordFor(mapping.direction)))].join(' or ');
      yield {
        path: use.ref.path,
        at: use.call.at,
        subject: use.ref.outline.name,
        confidence: mappings.every((mapping) => functionKey(mapping.use.ref) === functionKey(use.ref))
          ? 'high'
          : 'medium',
        message: `unmapped with ${wordFor(direction)}, but mapped with ${mapped}: cache maintenance is done for the wrong direction`,
        trace: mappings.map((mapping) =>
          stepAt(codebase, mapping.use.ref.path, mapping.use.call.at, `mapped here with ${wordFor(mapping.direction)}`),
        ),
        fix: () => unmapAsMapped(contract, unmapping),
      };
    }
    // Where a table can hold several mappings, a path shows which one it is.
    yield* reportMisuses(
      contract,
      ({ kind, resource, path, at }) =>
        resource === 'mapping' && kind === 'mismatched-release' && !told.has(`${path}:${at}`),
      ({ api }) => `${api} gets another direction than the map: cache maintenance is done for the wrong direction`,
    );
  },
});

/** Whether the unmap and the mappings have no possible direction in common. */
function isMismatch({ direction, mappings, isComplete }: Unmapping): boolean {
  return (
    isComplete &&
    mappings.length > 0 &&
    mappings.every((mapping) => mapping.direction.constants?.every((name) => !direction.constants?.includes(name)))
  );
}

function wordFor({ constants }: Direction): string {
  return constants?.join(' or ') ?? 'an unknown direction';
}
