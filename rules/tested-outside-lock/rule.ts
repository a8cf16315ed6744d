import { stepAt } from '../../src/contract/index.js';
import { roleOf } from '../../src/kernel/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'tested-outside-lock',
  group: 'importer',
  severity: 'warning',
  scope: 'driver',
  *check({ codebase, outsideTests }) {
    for (const { ref, at, api, member, test, lock } of outsideTests()) {
      const written = member.replace('.', '->');
      yield {
        path: ref.path,
        at,
        subject: ref.outline.name,
        confidence: 'medium',
        message: `${test.ref.outline.name}() tests '${written}' before the lock is taken, and nothing tests it again under the lock: ${consequenceOf(api)}`,
        trace: [
          stepAt(codebase, test.ref.path, test.at, 'tested here without the lock'),
          stepAt(
            codebase,
            lock.ref.path,
            lock.at,
            `${lock.ref.outline.name}() takes the lock here, and does not test again`,
          ),
        ],
      };
    }
  },
});

/** What two callers do that both have been told no. */
function consequenceOf(api: string): string {
  switch (roleOf(api)) {
    case 'pin':
      return 'two callers pin it twice, and one pin is never undone';
    case 'vmap':
    case 'map':
      return 'two callers map it twice, and one mapping is lost';
    case 'unmap':
      return 'the callback may unmap it in between, and it is unmapped twice';
    case 'unpin':
      return 'the callback may unpin it in between, and it is unpinned twice';
    default:
      return 'two callers attach twice, and one attachment is lost';
  }
}
