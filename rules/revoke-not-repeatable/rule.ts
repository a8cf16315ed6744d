import type { OneTimeRelease } from '../../src/contract/index.js';
import { runsOnce } from '../../src/kernel/index.js';
import { type Confidence, defineRule } from '../../src/lint/index.js';
import { firstOfEach, type Revocation, revocationTrace } from '../shared/revocations.js';

export default defineRule({
  id: 'revoke-not-repeatable',
  group: 'exporter',
  severity: 'warning',
  scope: 'tree',
  *check(contract) {
    for (const revocation of firstOfEach(contract, (one) => unguarded(one) !== undefined)) {
      const release = unguarded(revocation);
      if (!release) continue;
      const { exporter, invalidation } = revocation;
      yield {
        path: invalidation.place.file,
        at: invalidation.at,
        subject: exporter.table.name,
        confidence: confidenceOf(revocation, release),
        message: `exporter '${exporter.table.name}' revokes, and does ${release.what} again on a second revoke: ${release.ofMapping ? 'it drops what belongs to a mapping' : 'it may be done only once'}`,
        trace: revocationTrace(contract, revocation, [
          {
            file: release.file,
            line: release.line,
            message: 'nothing before this tests whether the buffer is already revoked',
          },
        ]),
      };
    }
  },
});

/** The first step that must not be repeated and is not guarded; a step that an unmap does as well comes first. */
function unguarded(revocation: Revocation): OneTimeRelease | undefined {
  if (isOnly(revocation)) return undefined;
  const open = revocation.sequence.oneTimeReleases.filter(
    (release) => release.guard === null || (release.guard === 'retired' && isDroppedElsewhere(revocation, release)),
  );
  return open.find((release) => release.ofMapping) ?? open[0];
}

/** Whether there is no second revocation: this one begins once, and there is no other. */
function isOnly({ exporter, sequence }: Revocation): boolean {
  return sequence.beginsOnce && exporter.invalidations.flatMap(({ sequences }) => sequences).length === 1;
}

/** An object off its list is not found again; but another revocation that leaves it on the list may have dropped the same. */
function isDroppedElsewhere({ exporter, sequence }: Revocation, { ofMapping }: OneTimeRelease): boolean {
  const others = exporter.invalidations.flatMap(({ sequences }) => sequences).filter((other) => other !== sequence);
  return (
    ofMapping &&
    others.some(
      (other) =>
        !other.retiresObject && other.oneTimeReleases.some((release) => release.ofMapping && !release.isRearmed),
    )
  );
}

function confidenceOf({ invalidation, sequence }: Revocation, release: OneTimeRelease): Confidence {
  const mayRunOnce = runsOnce(sequence.functions.at(-1) ?? '');
  return release.ofMapping && invalidation.isCertain && !mayRunOnce ? 'medium' : 'low';
}
