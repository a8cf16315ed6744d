import type { OnceOnly } from '../../src/contract/index.js';
import { type Confidence, defineRule } from '../../src/lint/index.js';
import { firstOfEach, type Revocation, revocationTrace } from '../revocations.js';

/** What a driver calls the functions that run once in the life of an object. */
const runsOnce = /remove|release|destroy|disconnect|shutdown|unregister|fini|exit|free/;

export default defineRule({
  id: 'revoke-not-repeatable',
  group: 'exporter',
  severity: 'warning',
  *check(contract) {
    for (const revocation of firstOfEach(contract, (one) => unguarded(one) !== undefined)) {
      const drop = unguarded(revocation);
      if (!drop) continue;
      const { exporter, invalidation } = revocation;
      yield {
        path: invalidation.place.file,
        at: invalidation.at,
        subject: exporter.table.name,
        confidence: confidenceOf(revocation, drop),
        message: `exporter '${exporter.table.name}' revokes, and a second time too does ${drop.what}: ${drop.ofMapping ? 'it takes what belongs to a mapping' : 'it may be done once only'}`,
        trace: revocationTrace(contract, revocation, [
          {
            file: drop.file,
            line: drop.line,
            message: 'nothing before this asks whether the buffer is revoked already',
          },
        ]),
      };
    }
  },
});

/** What a second pass comes to; what the unmaps drop too comes first. */
function unguarded(revocation: Revocation): OnceOnly | undefined {
  const open = revocation.sequence.onceOnly.filter(
    (drop) => drop.guard === null || (drop.guard === 'parted' && isDroppedElsewhere(revocation, drop)),
  );
  return open.find((drop) => drop.ofMapping) ?? open[0];
}

/** Off its list the object is found no more; but another revocation, that leaves it there, may have dropped the same. */
function isDroppedElsewhere({ exporter, sequence }: Revocation, { ofMapping }: OnceOnly): boolean {
  const others = exporter.invalidations.flatMap(({ sequences }) => sequences).filter((other) => other !== sequence);
  return (
    ofMapping &&
    others.some((other) => !other.parts && other.onceOnly.some((drop) => drop.ofMapping && !drop.isArmedAnew))
  );
}

function confidenceOf({ invalidation, sequence }: Revocation, drop: OnceOnly): Confidence {
  const mayRunOnce = runsOnce.test(sequence.functions.at(-1) ?? '');
  return drop.ofMapping && invalidation.isCertain && !mayRunOnce ? 'medium' : 'low';
}
