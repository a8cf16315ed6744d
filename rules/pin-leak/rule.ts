import { defineRule } from '../../src/lint/index.js';
import { reportForgotten } from '../shared/forgotten.js';
import { howLeft, reportLeaks } from '../shared/path-reports.js';

export default defineRule({
  id: 'pin-leak',
  group: 'importer',
  severity: 'error',
  scope: 'tree',
  *check(contract) {
    yield* reportLeaks(
      contract,
      ({ kind }) => kind === 'pin',
      (leak) =>
        `pin from ${leak.api}() is still held when ${leak.leaver}() ${howLeft(leak)}: the exporter can never move that memory again`,
    );
    yield* reportForgotten(contract, 'pin');
  },
});
