/** The contract model of one tree. It knows nothing of rules. */
export * from '../kernel/api.js';
export type { AttachmentLink, AttachmentUse, AttachSite } from './attachments/attachments.js';
export type { Reach } from './attachments/ops-at-attach.js';
export { buildContract, type ContractOptions, defaultContractOptions, kernelVersion } from './contract.js';
export type { Dialect, MarkerField } from './documents/dialect.js';
export * from './documents/documented.js';
export { type StaleName, sayStale, staleNames } from './documents/stale-names.js';
export { type UnknownUse, unknownUses } from './documents/unknown-names.js';
export { hasOp } from './exporters/exporters.js';
export type { CallbackVerdict, DeferringVerdict } from './importers/callback.js';
export type { Deferral } from './importers/deferred-unmap.js';
export type { LateSetUp } from './importers/publication.js';
export {
  byPlace,
  callbackKinds,
  type ExporterFacts,
  type ImporterFacts,
  type Inventory,
  inventoryOf,
} from './inventory.js';
export type { Direction, Mapping, Unmapping } from './lifetimes/directions.js';
export type { Leak, Misuse, PathFact, PathFacts } from './lifetimes/leaks-and-misuses.js';
export type { LockFact, LockFacts } from './lifetimes/lock-facts.js';
export * from './model.js';
export { type Negotiation, type NegotiationCell, negotiationOf, opsOfKey } from './negotiation/negotiation.js';
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
export { type NegotiationVerdict, negotiationVerdicts } from './negotiation/negotiation-verdict.js';
export * from './places.js';
export { functionFor, isSet, membersFor, type OpsTable } from './tables/tables.js';
