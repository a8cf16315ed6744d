import { defineRule } from '../../src/lint/index.js';
import { reportForgotten } from '../shared/forgotten.js';
import { howLeft, reportLeaks } from '../shared/path-reports.js';

export default defineRule({
  id: 'map-leak',
  group: 'importer',
  severity: 'error',
  scope: 'tree',
  *check(contract) {
    yield* reportLeaks(
      contract,
      ({ kind }) => kind === 'mapping',
      (leak) =>
        `mapping from ${leak.api}() is still held when ${leak.leaver}() ${howLeft(leak)}: the exporter waits for the unmap forever`,
    );
    yield* reportForgotten(contract, 'mapping');
  },
});
