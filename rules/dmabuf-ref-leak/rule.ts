import { defineRule } from '../../src/lint/index.js';
import { reportForgotten } from '../shared/forgotten.js';
import { howLeft, reportLeaks } from '../shared/path-reports.js';

export default defineRule({
  id: 'dmabuf-ref-leak',
  group: 'importer',
  severity: 'error',
  scope: 'tree',
  *check(contract) {
    yield* reportLeaks(
      contract,
      ({ kind, refused }) => kind === 'reference' && refused === null,
      (leak) =>
        `reference from ${leak.api}() is still held when ${leak.leaver}() ${howLeft(leak)}: the buffer is never freed`,
    );
    yield* reportForgotten(contract, 'reference');
  },
});
