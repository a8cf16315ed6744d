import {
  type BriefNegotiation,
  briefNegotiation,
  callbackKinds,
  type Inventory,
  inventoryOf,
  type NotAnalysed,
  negotiationOf,
  type UnknownUse,
  unknownUses,
} from '../../contract/index.js';
import type { Finding } from '../finding.js';
import type { Result, RunStats } from '../result.js';
import type { SuppressedFinding } from '../suppression/suppression.js';

/** What one tree says, as plain data: trees are compared by it, and it can be stored. */
export interface TreeFacts {
  readonly kernelVersion: string | null;
  readonly inventory: Inventory;
  /** What the callback of each of its importers does, more closely than is published. */
  readonly callbackKinds: readonly string[];
  /** Whether an attach without the callback fails. */
  readonly callbackRequired: boolean;
  /** The functions that the header declares, sorted. */
  readonly declared: readonly string[];
  /** The members of its ops structs, as `struct.member`, sorted. */
  readonly members: readonly string[];
  readonly unknownUses: readonly UnknownUse[];
  /** The ops tables of the exporters whose code, and not only a name, shows that they revoke: `file:ops`. */
  readonly certainRevokers: readonly string[];
  /** What comes of each importer with each exporter. */
  readonly negotiation: BriefNegotiation;
  readonly findings: readonly Finding[];
  /** What comments in the source suppress: no part of the findings. */
  readonly suppressed: readonly SuppressedFinding[];
  readonly notAnalysed: readonly NotAnalysed[];
  readonly stats: Omit<RunStats, 'milliseconds'>;
}

/** The facts of a tree that has been analysed. */
export function factsOf({ contract, findings, suppressed, stats }: Result): TreeFacts {
  const { dialect } = contract;
  return {
    kernelVersion: contract.kernelVersion,
    inventory: inventoryOf(contract),
    callbackKinds: callbackKinds(contract),
    callbackRequired: dialect.callbackRequired,
    declared: [...dialect.declared].sort(),
    members: [...dialect.members].flatMap(([tag, names]) => [...names].map((name) => `${tag}.${name}`)).sort(),
    unknownUses: unknownUses(contract),
    certainRevokers: contract.exporters
      .filter(({ invalidations }) => invalidations.some(({ revokes, isCertain }) => revokes !== null && isCertain))
      .map(({ table }) => `${table.path}:${table.name}`),
    negotiation: briefNegotiation(negotiationOf(contract)),
    findings,
    suppressed,
    notAnalysed: contract.notAnalysed,
    stats: { filesSeen: stats.filesSeen, filesParsed: stats.filesParsed, functions: stats.functions },
  };
}
