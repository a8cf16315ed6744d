import { defineRule } from '../../src/lint/index.js';
import { reportForgotten } from '../shared/forgotten.js';
import { howLeft, reportLeaks } from '../shared/path-reports.js';

export default defineRule({
  id: 'attach-leak',
  group: 'importer',
  severity: 'error',
  scope: 'tree',
  *check(contract) {
    yield* reportLeaks(
      contract,
      ({ kind }) => kind === 'attachment',
      (leak) =>
        `attachment from ${leak.api}() is still held when ${leak.leaver}() ${howLeft(leak)}: nobody detaches the device from the buffer`,
    );
    yield* reportForgotten(contract, 'attachment');
  },
});
