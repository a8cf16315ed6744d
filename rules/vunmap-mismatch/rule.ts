import { type Contract, stepAt } from '../../src/contract/index.js';
import { defineRule, type Report } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'vunmap-mismatch',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  *check(contract) {
    yield* reportMisuses(
      contract,
      ({ kind, resource }) =>
        kind === 'unmade-release' ||
        (resource === 'kernel-mapping' && (kind === 'mismatched-release' || kind === 'double-release')),
      ({ kind, api }) =>
        kind === 'unmade-release'
          ? `${api} ends a kernel mapping that was not made, since the vmap has failed: the count of the buffer's mappings drops too far`
          : kind === 'double-release'
            ? `${api} unmaps a kernel mapping that is already unmapped: the count of the buffer's mappings drops too far`
            : `${api} gets the map of another buffer: that buffer's mapping is lost, and this one's is torn down in use`,
    );
    yield* reportMoved(contract);
  },
});

function* reportMoved({ codebase, movedMaps }: Contract): Iterable<Report> {
  for (const { ref, at, api, movedAt } of movedMaps())
    yield {
      path: ref.path,
      at,
      subject: ref.outline.name,
      confidence: 'medium',
      message: `${api}() gets a map whose address was moved on: the core knows the mapping by the address that it gave, and stops with a BUG_ON()`,
      trace: [stepAt(codebase, ref.path, movedAt, 'the address is moved here')],
    };
}
