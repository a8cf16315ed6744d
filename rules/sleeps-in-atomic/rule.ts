import { stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'sleeps-in-atomic',
  group: 'locking',
  severity: 'error',
  scope: 'driver',
  *check({ codebase, atomicSleeps }) {
    for (const { ref, at, api, section, chain, isOwnPut } of atomicSleeps()) {
      const why = section.isEntrance
        ? `${(chain[0]?.ref ?? ref).outline.name}() runs in an interrupt or under a spinlock`
        : `${section.ref.outline.name}() is in an atomic section`;
      yield {
        path: ref.path,
        at,
        subject: ref.outline.name,
        confidence: isOwnPut ? 'low' : 'medium',
        message: `${api}() sleeps, and ${why}: the CPU may be scheduled away with the lock held, and others spin for ever`,
        trace: [
          stepAt(
            codebase,
            section.ref.path,
            section.at,
            section.isEntrance ? 'the function is made a callback here' : 'the section begins here',
          ),
          ...chain.map((step) =>
            stepAt(codebase, step.ref.path, step.at, `${step.ref.outline.name}() calls on from here`),
          ),
        ],
      };
    }
  },
});
