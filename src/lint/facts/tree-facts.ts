import {
  type ApiName,
  apiNames,
  type BriefNegotiation,
  briefNegotiation,
  type Contract,
  callbackKinds,
  type Inventory,
  inventoryOf,
  type NotAnalysed,
  negotiationOf,
  toldInNames,
  type UnknownUse,
  unknownUses,
} from '../../contract/index.js';
import { isTestCode } from '../../contract/test-code.js';
import type { Finding } from '../finding.js';
import type { Result, RunStats } from '../result.js';
import type { PlacedSuppression } from '../suppression/placed-suppression.js';
import type { SuppressedFinding } from '../suppression/suppression.js';

/** The result for one tree as plain data: it can be stored as JSON, and compared with that of another tree. */
export interface TreeFacts {
  readonly kernelVersion: string | null;
  readonly inventory: Inventory;
  /** What the callback of each importer does, in more detail than `inventory` says. */
  readonly callbackKinds: readonly string[];
  /** Whether dma_buf_dynamic_attach() fails for ops without the callback. */
  readonly callbackRequired: boolean;
  /** The functions that the API header declares, sorted. */
  readonly declared: readonly string[];
  /** The functions of the API that the tree has, with their names in it. */
  readonly apiNames: readonly ApiName[];
  /** The members of the header's ops structs, as `struct.member`, sorted. */
  readonly members: readonly string[];
  /** Uses of API names that the header does not have. */
  readonly unknownUses: readonly UnknownUse[];
  /** Exporters whose code shows that they revoke, not only a function name: `file:ops`. */
  readonly certainRevokers: readonly string[];
  /** The files of importers, also static ones, and exporters that are test code, by path or content, sorted. */
  readonly testFiles: readonly string[];
  /** The outcome of each importer with each exporter. */
  readonly negotiation: BriefNegotiation;
  readonly findings: readonly Finding[];
  /** The fingerprints of findings for which a rule proposes a fix. Only a scan with the fix shows whether it is good. */
  readonly fixable: readonly string[];
  /** Findings that a comment in the source suppresses; they are not in `findings`. */
  readonly suppressed: readonly SuppressedFinding[];
  /** All comments that suppress a rule, whether or not it has anything to report there. */
  readonly suppressions: readonly PlacedSuppression[];
  readonly notAnalysed: readonly NotAnalysed[];
  readonly stats: Omit<RunStats, 'milliseconds'>;
}

/** Extracts the facts of a tree from its result. */
export function factsOf({ contract, findings, suppressed, suppressions, fixes, stats }: Result): TreeFacts {
  return {
    ...toldInNames(contract.names, contractFacts(contract)),
    apiNames: apiNames(contract),
    findings,
    fixable: findings.filter((finding) => isFixable(finding, fixes)).map(({ fingerprint }) => fingerprint),
    suppressed,
    suppressions,
    notAnalysed: contract.notAnalysed,
    stats: { filesSeen: stats.filesSeen, filesParsed: stats.filesParsed, functions: stats.functions },
  };
}

/** What the model says, in the names of our table. */
function contractFacts(contract: Contract) {
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
    testFiles: testFilesOf(contract),
    negotiation: briefNegotiation(negotiationOf(contract)),
  };
}

function testFilesOf({ codebase, importers, staticImporters, exporters }: Result['contract']): readonly string[] {
  const files = new Set([
    ...[...importers, ...exporters].map(({ table }) => table.path),
    ...staticImporters.map(({ place }) => place.file),
  ]);
  return [...files].filter((path) => isTestCode(codebase, path)).sort();
}

/** Findings of low confidence are never fixed. */
function isFixable(finding: Finding, fixes: Result['fixes']): boolean {
  return finding.confidence !== 'low' && fixes.get(finding)?.().kind === 'fix';
}
