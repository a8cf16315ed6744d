import { stepAt, type Undoing } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'unmap-not-undoing-map',
  group: 'exporter',
  severity: 'warning',
  scope: 'driver',
  *check({ codebase, exporters }) {
    const seen = new Set<string>();
    for (const { table, undoings } of exporters)
      for (const undoing of undoings) {
        const { map, unmap, does } = undoing;
        const { ref, at } = placeFor(undoing);
        if (seen.has(`${ref.path}:${at}`)) continue;
        seen.add(`${ref.path}:${at}`);
        yield {
          path: ref.path,
          at,
          subject: ref.outline.name,
          confidence: 'medium',
          message: messageFor(undoing),
          trace: [
            stepAt(
              codebase,
              table.path,
              table.at,
              `'${table.name}' has ${map.outline.name}() and ${unmap.outline.name}()`,
            ),
            stepAt(codebase, does.ref.path, does.at, `${does.ref.outline.name}() calls ${does.api}()`),
            stepAt(codebase, unmap.path, unmap.outline.nameAt, `${unmap.outline.name}() is to undo it`),
          ],
        };
      }
  },
});

/** The line that the author must change. */
function placeFor(undoing: Undoing): { readonly ref: Undoing['map']; readonly at: number } {
  if (undoing.kind === 'direction') return undoing.undoes;
  return undoing.kind === 'sometimes' || undoing.kind === 'placement' ? undoing.test : undoing.does;
}

function messageFor(undoing: Undoing): string {
  const { does, unmap, step } = undoing;
  if (undoing.kind === 'direction')
    return `${undoing.undoes.api}() gets ${undoing.unmapped}, but ${does.api}() got ${undoing.mapped}: caches are handled for the wrong direction`;
  if (undoing.kind === 'inverted')
    return `${does.api}() returns 0 where it has succeeded: ${does.ref.outline.name}() fails then, and ${step.stays}`;
  if (undoing.kind === 'placement')
    return `${unmap.outline.name}() chooses by '${undoing.test.member}' how to undo ${does.api}(), and that says where the buffer is now: it may have moved since it was mapped`;
  if (undoing.kind === 'sometimes')
    return `only where '${undoing.test.member}' says so is ${does.api}() undone, which ${does.ref.outline.name}() always does: ${step.stays} otherwise`;
  return `${unmap.outline.name}() does not undo this ${does.api}(), nor does anything later: ${step.stays}`;
}
