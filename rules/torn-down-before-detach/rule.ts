import { type EarlyTeardown, stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'torn-down-before-detach',
  group: 'importer',
  severity: 'warning',
  scope: 'driver',
  *check({ codebase, dialect, earlyTeardowns }) {
    for (const { importer, ref, at, member, use, detachAt } of earlyTeardowns())
      yield {
        path: ref.path,
        at,
        subject: ref.outline.name,
        confidence: 'medium',
        message: `'${member}' is torn down before the detach: until then ${dialect.callback} '${importer.callback}' may run and uses it`,
        trace: [
          stepAt(codebase, use.ref.path, use.at, `${use.ref.outline.name}() uses it ${whenUsed(use)}`),
          stepAt(codebase, ref.path, detachAt, `${ref.outline.name}() detaches only here`),
        ],
      };
  },
});

function whenUsed(use: EarlyTeardown['use']): string {
  if ('bound' in use) return 'in a loop';
  return 'guard' in use ? `while '${use.guard.join('.')}' is set` : 'without a test';
}
