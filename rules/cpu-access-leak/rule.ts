import { defineRule } from '../../src/lint/index.js';
import { howLeft, reportLeaks, reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'cpu-access-leak',
  group: 'importer',
  severity: 'warning',
  scope: 'tree',
  *check(contract) {
    yield* reportLeaks(
      contract,
      ({ kind }) => kind === 'cpu-access',
      (leak) =>
        `CPU access begun by ${leak.api}() is not ended when ${leak.leaver}() ${howLeft(leak)}: the device may read stale data`,
    );
    yield* reportMisuses(
      contract,
      ({ kind, resource }) => resource === 'cpu-access' && kind === 'mismatched-release',
      ({ api }) => `${api} gets another direction than the access began with: the wrong caches are written back`,
    );
  },
});
