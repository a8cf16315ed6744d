import type { Rule } from '../src/lint/index.js';
import callbackNeverUnmaps from './callback-never-unmaps/rule.js';
import directionMismatch from './direction-mismatch/rule.js';
import exporterOpMissing from './exporter-op-missing/rule.js';
import missingCallback from './missing-callback/rule.js';
import pinOnStaticAttachment from './pin-on-static-attachment/rule.js';
import pinRefusesAll from './pin-refuses-all/rule.js';
import pinUnchecked from './pin-unchecked/rule.js';
import pinWithoutUnpin from './pin-without-unpin/rule.js';
import pinnedImporterUnmarked from './pinned-importer-unmarked/rule.js';
import publishedBeforeReady from './published-before-ready/rule.js';
import renamedApi from './renamed-api/rule.js';
import revokeUnchecked from './revoke-unchecked/rule.js';
import staleNameInComment from './stale-name-in-comment/rule.js';
import stubCallback from './stub-callback/rule.js';

/** Every rule: a new one is a folder beside these and a line here. */
export const rules: readonly Rule[] = [
  pinnedImporterUnmarked,
  stubCallback,
  missingCallback,
  callbackNeverUnmaps,
  pinOnStaticAttachment,
  pinUnchecked,
  directionMismatch,
  publishedBeforeReady,
  revokeUnchecked,
  pinRefusesAll,
  pinWithoutUnpin,
  exporterOpMissing,
  renamedApi,
  staleNameInComment,
];
