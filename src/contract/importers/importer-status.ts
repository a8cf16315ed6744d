// Is an importer revocable, and does it say so?

import type { Dialect } from '../documents/dialect.js';
import type { CallbackVerdict } from '../model/callback.js';
import type { Importer, ImporterStatus, ImporterUse, PinVerdict } from '../model/importer.js';

/** What the status of an importer is derived from. */
interface StatusEvidence {
  readonly verdict: CallbackVerdict;
  readonly pins: PinVerdict;
  readonly pinUses: readonly ImporterUse[];
  readonly mapUses: readonly ImporterUse[];
  readonly marker: Importer['marker'];
}

/** Returns what an importer with this callback, these pins and this marker is under the contract (CONTRACT.md). */
export function statusOf(dialect: Dialect, evidence: StatusEvidence): ImporterStatus {
  const { verdict, pins, pinUses, mapUses, marker } = evidence;
  switch (verdict.kind) {
    case 'unmaps':
    case 'blocks-access':
      return marker === 'set' && pins !== 'never' ? 'declared-non-revocable' : 'revocable';
    case 'opaque':
    case 'defers':
    case 'never-unmaps':
      return marker === 'set' && pins !== 'never' ? 'declared-non-revocable' : 'unknown';
    case 'absent':
    case 'stub': {
      const lasting = pinUses.some((pin) => !pin.temporary);
      // An importer that never maps uses no memory that could move, as far as the code shows.
      if (!lasting) return mapUses.length > 0 || verdict.kind === 'stub' ? 'unsafe' : 'unknown';
      if (marker !== 'none') return marker === 'set' ? 'declared-non-revocable' : 'undeclared-non-revocable';
      return verdict.kind === 'absent' && !dialect.callbackRequired
        ? 'declared-non-revocable'
        : 'undeclared-non-revocable';
    }
  }
}
