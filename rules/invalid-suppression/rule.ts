import { defineSuppressionRule, type SuppressionProblem } from '../../src/lint/index.js';

export default defineSuppressionRule({
  id: 'invalid-suppression',
  group: 'suppression',
  severity: 'warning',
  scope: 'file',
  *check({ invalid }) {
    for (const { path, at, problem } of invalid)
      yield { path, at, subject: problem.kind, confidence: 'high', message: messageFor(problem), trace: [] };
  },
});

function messageFor(problem: SuppressionProblem): string {
  switch (problem.kind) {
    case 'unknown-word':
      return `'dmabuf-lint:' is followed by ${problem.word === '' ? 'no word' : `'${problem.word}'`} instead of 'ignore': nothing is suppressed`;
    case 'no-rule':
      return `suppression names no rule: nothing is suppressed`;
    case 'no-reason':
      return `suppression gives no reason after ' -- ': nothing is suppressed`;
    case 'unknown-rule':
      return `suppression of unknown rule '${problem.rule}'${problem.nearest ? ` (did you mean '${problem.nearest}'?)` : ''}: nothing is suppressed by that name`;
    case 'unsuppressible-rule':
      return `suppression of '${problem.rule}', a rule about suppressions: only the configuration can change it`;
  }
}
