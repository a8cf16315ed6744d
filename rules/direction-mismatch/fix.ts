import { positionAt, stripCasts } from '../../src/c/index.js';
import { type Contract, directionNames, type Unmapping } from '../../src/contract/index.js';
import { type FixProposal, noFix } from '../../src/lint/index.js';
import { renaming } from '../shared/fix-text.js';

/** Unmaps with the direction of the mapping, where there is but one and the unmap names its own. */
export function unmapAsMapped({ codebase }: Contract, { use, mappings }: Unmapping): FixProposal {
  const directions = [...new Set(mappings.flatMap(({ direction }) => direction.constants ?? []))];
  const [mapped] = directions;
  if (mapped === undefined || directions.length > 1) return noFix('it is mapped with more than one direction');
  const argument = use.call.arguments[2];
  const file = codebase.program.file(use.ref.path);
  const given = argument && stripCasts(argument);
  if (!file || given?.kind !== 'name' || !directionNames.includes(given.name))
    return noFix('the direction of the unmap is computed');
  const edit = renaming(use.ref.path, file.text, given.at, given.name, mapped);
  if (!edit) return noFix('the direction does not stand there as such');
  const where = mappings[0]?.use;
  const line = where ? positionAt(codebase.program.file(where.ref.path)?.unit ?? file.unit, where.call.at).line : 0;
  return {
    kind: 'fix',
    title: `unmap with ${mapped} as it was mapped`,
    reason: `${use.ref.outline.name}() unmaps with ${given.name} what ${where?.ref.outline.name}() mapped with ${mapped} (line ${line}). The caches are then handled for the wrong direction. Use the direction of the mapping.`,
    edits: [edit],
  };
}
