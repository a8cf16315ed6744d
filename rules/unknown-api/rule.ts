import { dmaBufHeader } from '../../src/kernel/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'unknown-api',
  group: 'api',
  severity: 'warning',
  scope: 'file',
  *check({ codebase, unknownApi }) {
    for (const { file, line, function: name, message } of unknownApi) {
      const starts = codebase.program.file(file)?.unit.lineStarts ?? [];
      yield {
        path: file,
        at: starts[line - 1] ?? 0,
        subject: name ?? dmaBufHeader,
        confidence: 'high',
        message,
        trace: [],
      };
    }
  },
});
