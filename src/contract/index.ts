/** The contract model of one tree. It knows nothing of rules. */
export { dropsResult } from './attachments/dropped-results.js';
export { buildContract } from './contract.js';
export type { MarkerField } from './documents/dialect.js';
export * from './documents/documented.js';
export { type ApiName, apiNames, renamedFunctions, renamedStructs } from './documents/renamed-functions.js';
export { type StaleName, sayStale, staleNames } from './documents/stale-names.js';
export { type UnknownUse, unknownUses } from './documents/unknown-names.js';
export { hasOp } from './exporters/exporters.js';
export {
  callbackKinds,
  type ExporterFacts,
  type ImporterFacts,
  type Inventory,
  inventoryOf,
  typeFacts,
} from './inventory.js';
export { kernelVersion } from './kernel-version.js';
export type * from './model/attachment.js';
export type * from './model/callback.js';
export type * from './model/contract.js';
export type * from './model/exporter.js';
export type * from './model/importer.js';
export type * from './model/lifetimes.js';
export type * from './model/mapping-types.js';
export type * from './model/mappings.js';
export * from './model/revocation.js';
export { type Negotiation, type NegotiationCell, negotiationOf } from './negotiation/negotiation.js';
export {
  type BriefCell,
  type BriefNegotiation,
  briefNegotiation,
  type CellChange,
  compareNegotiations,
  type NegotiationChanges,
  type SideChange,
} from './negotiation/negotiation-changes.js';
export type { ExporterSide } from './negotiation/negotiation-exporter.js';
export { type ExporterGroup, type FoldedMatrix, foldMatrix } from './negotiation/negotiation-groups.js';
export type { ImporterSide } from './negotiation/negotiation-importer.js';
export { listsInWords } from './negotiation/negotiation-types.js';
export { type NegotiationVerdict, negotiationVerdicts } from './negotiation/negotiation-verdict.js';
export { keyOfOps, opsOfKey } from './negotiation/ops-keys.js';
export * from './places.js';
export { coreRefuses } from './tables/core-refusals.js';
export { functionFor, isSet, membersFor, type OpsTable } from './tables/ops-table.js';
export { isTestCode } from './test-code.js';
export { toldInNames } from './told.js';
