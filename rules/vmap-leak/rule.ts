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
        `kernel mapping from ${leak.api}() is still there when ${leak.leaver}() ${howLeft(leak)}: the exporter cannot free the memory, and the last put of the buffer hits a BUG_ON()`,
    );
    yield* reportForgotten(contract, 'kernel-mapping');
  },
});
