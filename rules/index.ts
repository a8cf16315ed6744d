import type { Rule } from '../src/lint/index.js';
import attachLeak from './attach-leak/rule.js';
import bisectHazard from './bisect-hazard/rule.js';
import bufferNotKept from './buffer-not-kept/rule.js';
import callbackNeverUnmaps from './callback-never-unmaps/rule.js';
import contractChangeUndocumented from './contract-change-undocumented/rule.js';
import cpuAccessLeak from './cpu-access-leak/rule.js';
import cpuViewOfTable from './cpu-view-of-table/rule.js';
import directionMismatch from './direction-mismatch/rule.js';
import dmabufOverPut from './dmabuf-over-put/rule.js';
import dmabufRefLeak from './dmabuf-ref-leak/rule.js';
import doubleUnmap from './double-unmap/rule.js';
import doubleUnpin from './double-unpin/rule.js';
import errPtrUnchecked from './err-ptr-unchecked/rule.js';
import exportFdLeak from './export-fd-leak/rule.js';
import exportFdLost from './export-fd-lost/rule.js';
import exporterOpMissing from './exporter-op-missing/rule.js';
import fdPublishedEarly from './fd-published-early/rule.js';
import invalidSuppression from './invalid-suppression/rule.js';
import mapAfterRevoke from './map-after-revoke/rule.js';
import mapLeak from './map-leak/rule.js';
import mapReturnsNull from './map-returns-null/rule.js';
import missingCallback from './missing-callback/rule.js';
import noCommonType from './no-common-type/rule.js';
import nullForError from './null-for-error/rule.js';
import opensBeforeMarked from './opens-before-marked/rule.js';
import pinLeak from './pin-leak/rule.js';
import pinNoFenceWait from './pin-no-fence-wait/rule.js';
import pinOnStaticAttachment from './pin-on-static-attachment/rule.js';
import pinRefusesAll from './pin-refuses-all/rule.js';
import pinUnchecked from './pin-unchecked/rule.js';
import pinWithoutUnpin from './pin-without-unpin/rule.js';
import pinnedImporterUnmarked from './pinned-importer-unmarked/rule.js';
import privateOutlived from './private-outlived/rule.js';
import publishedBeforeReady from './published-before-ready/rule.js';
import releaseIncomplete from './release-incomplete/rule.js';
import releasedAgainByFree from './released-again-by-free/rule.js';
import renameLeftover from './rename-leftover/rule.js';
import renamedApi from './renamed-api/rule.js';
import resvLockForbidden from './resv-lock-forbidden/rule.js';
import resvLockLeak from './resv-lock-leak/rule.js';
import resvLockRequired from './resv-lock-required/rule.js';
import revokeNoFenceWait from './revoke-no-fence-wait/rule.js';
import revokeNoUnmapWait from './revoke-no-unmap-wait/rule.js';
import revokeNotRepeatable from './revoke-not-repeatable/rule.js';
import revokeUnchecked from './revoke-unchecked/rule.js';
import revokeWrongUsage from './revoke-wrong-usage/rule.js';
import semanticsUndocumented from './semantics-undocumented/rule.js';
import seriesDoesNotApply from './series-does-not-apply/rule.js';
import seriesIncomplete from './series-incomplete/rule.js';
import sleepsInAtomic from './sleeps-in-atomic/rule.js';
import staleNameInComment from './stale-name-in-comment/rule.js';
import stubCallback from './stub-callback/rule.js';
import suppressionAdded from './suppression-added/rule.js';
import testedOutsideLock from './tested-outside-lock/rule.js';
import tornDownBeforeDetach from './torn-down-before-detach/rule.js';
import unknownApi from './unknown-api/rule.js';
import unmapNotUndoingMap from './unmap-not-undoing-map/rule.js';
import unusedSuppression from './unused-suppression/rule.js';
import useAfterDetach from './use-after-detach/rule.js';
import usedAfterPublish from './used-after-publish/rule.js';
import vmapLeak from './vmap-leak/rule.js';
import vunmapMismatch from './vunmap-mismatch/rule.js';

/**
 * Every rule, in the order in which `dmabuf-lint rules`, the rule index and SARIF list them: by group. A new rule is a
 * folder beside this file, an import and an entry here; `rules.test.ts` says which lines are missing.
 */
export const rules: readonly Rule[] = [
  pinnedImporterUnmarked,
  stubCallback,
  missingCallback,
  callbackNeverUnmaps,
  pinOnStaticAttachment,
  pinUnchecked,
  pinLeak,
  mapLeak,
  vmapLeak,
  vunmapMismatch,
  cpuAccessLeak,
  attachLeak,
  dmabufRefLeak,
  releaseIncomplete,
  dmabufOverPut,
  doubleUnpin,
  doubleUnmap,
  useAfterDetach,
  releasedAgainByFree,
  errPtrUnchecked,
  nullForError,
  directionMismatch,
  cpuViewOfTable,
  publishedBeforeReady,
  tornDownBeforeDetach,
  bufferNotKept,
  testedOutsideLock,
  resvLockRequired,
  resvLockForbidden,
  resvLockLeak,
  sleepsInAtomic,
  revokeUnchecked,
  revokeNoFenceWait,
  revokeWrongUsage,
  revokeNoUnmapWait,
  revokeNotRepeatable,
  mapAfterRevoke,
  mapReturnsNull,
  unmapNotUndoingMap,
  privateOutlived,
  pinRefusesAll,
  pinNoFenceWait,
  pinWithoutUnpin,
  exporterOpMissing,
  exportFdLost,
  exportFdLeak,
  fdPublishedEarly,
  usedAfterPublish,
  renamedApi,
  staleNameInComment,
  semanticsUndocumented,
  unknownApi,
  seriesIncomplete,
  seriesDoesNotApply,
  bisectHazard,
  noCommonType,
  opensBeforeMarked,
  renameLeftover,
  contractChangeUndocumented,
  invalidSuppression,
  unusedSuppression,
  suppressionAdded,
];
