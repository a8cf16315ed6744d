import { findDocumented, isPinnedDocumented, pinnedSubjects, placeOf } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'semantics-undocumented',
  group: 'api',
  severity: 'warning',
  scope: 'tree',
  *check(contract) {
    const { dialect, codebase } = contract;
    if (!dialect.hasCallback || isPinnedDocumented(contract)) return;
    const [callback, notify] = pinnedSubjects(contract).map((subject) => findDocumented(contract, subject));
    if (!callback) return;
    const other = notify && placeOf(codebase, notify.path, notify.comment?.start ?? notify.at, null);
    yield {
      path: callback.path,
      at: callback.at,
      subject: dialect.callback,
      confidence: 'medium',
      message: `no kernel-doc here says what '${dialect.callback}' means while a buffer is pinned: importers that pin may assume that they are never invalidated`,
      trace: other
        ? [{ file: other.file, line: other.line, message: `${dialect.notify}() does not say it either` }]
        : [],
    };
  },
});
