import { sayStale, staleNames } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { writeCurrentName } from './fix.js';

export default defineRule({
  id: 'stale-name-in-comment',
  group: 'api',
  severity: 'note',
  scope: 'tree',
  hasFixes: true,
  *check(contract) {
    for (const stale of staleNames(contract)) {
      const { path, at, name: subject, confidence } = stale;
      const fix = () => writeCurrentName(contract, stale);
      yield { path, at, subject, confidence, message: sayStale(stale), trace: [], fix };
    }
  },
});
