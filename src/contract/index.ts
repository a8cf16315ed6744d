/** The contract model of one tree. It knows nothing of rules. */
export * from './api.js';
export type { AttachmentLink, AttachmentUse, AttachSite } from './attachments.js';
export type { CallbackVerdict, DeferringVerdict } from './callback.js';
export { buildContract, type ContractOptions, defaultContractOptions, kernelVersion } from './contract.js';
export type { Deferral } from './deferred-unmap.js';
export type { Dialect, MarkerField } from './dialect.js';
export type { Direction, Mapping, Unmapping } from './directions.js';
export * from './documented.js';
export { hasOp } from './exporters.js';
export {
  byPlace,
  callbackKinds,
  type ExporterFacts,
  type ImporterFacts,
  type Inventory,
  inventoryOf,
} from './inventory.js';
export type { LockFact, LockFacts } from './lock-facts.js';
export * from './model.js';
export { type Negotiation, type NegotiationCell, negotiationOf, opsOfKey } from './negotiation.js';
export {
  type BriefCell,
  type BriefNegotiation,
  briefNegotiation,
  type CellChange,
  compareNegotiations,
  type NegotiationChanges,
  type SideChange,
} from './negotiation-changes.js';
export type { ExporterSide } from './negotiation-exporter.js';
export { type ExporterGroup, type FoldedMatrix, foldMatrix } from './negotiation-groups.js';
export type { ImporterSide } from './negotiation-importer.js';
export { type NegotiationVerdict, negotiationVerdicts } from './negotiation-verdict.js';
export type { Leak, Misuse, PathFact, PathFacts } from './path-facts.js';
export * from './places.js';
export type { LateSetUp } from './publication.js';
export type { Reach } from './reach.js';
export { type StaleName, sayStale, staleNames } from './stale-names.js';
export { functionFor, isSet, membersFor, type OpsTable } from './tables.js';
export { type UnknownUse, unknownUses } from './unknown-names.js';
