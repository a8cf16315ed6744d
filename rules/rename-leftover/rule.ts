import type { UnknownUse } from '../../src/contract/index.js';
import { dmaBufHeader } from '../../src/kernel/index.js';
import { defineSeriesRule, leftoversOf, type Removal, type SeriesReport } from '../../src/lint/index.js';

export default defineSeriesRule({
  id: 'rename-leftover',
  group: 'series',
  severity: 'error',
  *check(series) {
    for (const { use, removal, index } of leftoversOf(series))
      yield report(use, removal, index, series.patches[index]?.patch.number ?? index + 1);
  },
});

function report(use: UnknownUse, { by, instead }: Removal, patch: number, number: number): SeriesReport {
  const called = (name: string): string => (use.kind === 'function' ? `${name}()` : `'.${name}'`);
  const what = called(use.name);
  const who = by === `patch ${number}` ? 'this patch' : by;
  const change =
    instead === null
      ? `removed ${what} from ${dmaBufHeader}`
      : `renamed ${what} to ${called(instead)} in ${dmaBufHeader}`;
  return {
    patch,
    path: use.file,
    line: use.line,
    column: use.column,
    subject: `${use.name}:${use.subject}`,
    confidence: 'high',
    message: `${who} ${change}, but it is used here: the file does not build`,
    trace: [],
  };
}
