import { positionAt, stripCasts } from '../../src/c/index.js';
import type { Contract, Unmapping } from '../../src/contract/index.js';
import { directionNames } from '../../src/kernel/index.js';
import { type FixProposal, noFix } from '../../src/lint/index.js';
import { renaming } from '../shared/fix-text.js';

/** Proposes to unmap with the direction of the mapping, if there is only one and the unmap spells out its own. */
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
  if (!edit) return noFix('the direction is not spelled out there');
  const where = mappings[0]?.use;
  const line = where ? positionAt(codebase.program.file(where.ref.path)?.unit ?? file.unit, where.call.at).line : 0;
  return {
    kind: 'fix',
    title: `unmap with ${mapped}, as mapped`,
    reason: `${use.ref.outline.name}() unmaps with ${given.name} what ${where?.ref.outline.name}() mapped with ${mapped} (line ${line}). Cache maintenance is then done for the wrong direction. Use the direction of the mapping.`,
    edits: [edit],
  };
}
