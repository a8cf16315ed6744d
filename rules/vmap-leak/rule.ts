import { defineRule } from '../../src/lint/index.js';
import { reportForgotten } from '../shared/forgotten.js';
import { howLeft, reportLeaks } from '../shared/path-reports.js';

export default defineRule({
  id: 'vmap-leak',
  group: 'importer',
  severity: 'error',
  scope: 'tree',
  *check(contract) {
    yield* reportLeaks(
      contract,
      ({ kind }) => kind === 'kernel-mapping',
      (leak) =>
        `kernel mapping from ${leak.api}() is still there when ${leak.leaver}() ${howLeft(leak)}: the exporter can never free the memory`,
    );
    yield* reportForgotten(contract, 'kernel-mapping');
  },
});
