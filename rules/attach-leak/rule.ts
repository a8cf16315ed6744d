import { defineRule } from '../../src/lint/index.js';
import { howLeft, reportLeaks } from '../shared/path-reports.js';

export default defineRule({
  id: 'attach-leak',
  group: 'importer',
  severity: 'error',
  scope: 'tree',
  check: (contract) =>
    reportLeaks(
      contract,
      ({ kind }) => kind === 'attachment',
      (leak) =>
        `attachment by ${leak.api}() is still held when ${leak.leaver}() leaves ${howLeft(leak)}: the buffer keeps a device that nobody detaches`,
    ),
});
