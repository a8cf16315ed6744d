import { defineSuppressionRule, type UnusedSuppression } from '../../src/lint/index.js';

export default defineSuppressionRule({
  id: 'unused-suppression',
  group: 'suppression',
  severity: 'warning',
  scope: 'tree',
  *check({ unused }) {
    for (const entry of unused)
      yield {
        path: entry.suppression.path,
        at: entry.suppression.at,
        subject: entry.suppression.rule,
        confidence: entry.isCertain ? 'high' : 'low',
        message: messageFor(entry),
        trace: [],
      };
  },
});

function messageFor({ suppression, coveredBy }: UnusedSuppression): string {
  const { rule } = suppression;
  return coveredBy === null
    ? `'${rule}' has nothing to report here: the suppression would only hide a later mistake`
    : `'${rule}' is suppressed here by line ${coveredBy} already: this suppression has no effect`;
}
