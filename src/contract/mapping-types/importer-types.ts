// Which mapping types does an importer accept?

import { callsIn } from '../../c/index.js';
import { apiRow, argumentIndex, attachFunctions } from '../../kernel/index.js';
import { type FunctionRef, functionsIn } from '../../program/index.js';
import { attachArgument } from '../attachments/attach-argument.js';
import type { AttachPath } from '../model/attachment.js';
import type { MappingTypes } from '../model/mapping-types.js';
import { nothing, readList } from './lists.js';
import type { MappingReader } from './mapping-dialect.js';
import { scopeOf } from './scope.js';

/** The mapping types that an attach accepts: those of its list, or those that the core's function makes for it. */
export function attachTypes(reader: MappingReader, { site }: AttachPath): MappingTypes {
  const list = attachArgument(site, 'matches');
  if (list) return readList(reader, { expression: list, scope: scopeOf(site.ref.path, site.ref) });
  return ofWrapper(reader, site.api, 3);
}

/** The list that a function of the core passes on when it attaches for its callers. */
function ofWrapper(reader: MappingReader, name: string, depth: number): MappingTypes {
  const { codebase, dialect } = reader;
  const ref = dialect.core
    .flatMap((path) => functionsIn(codebase.program, path))
    .find(({ outline }) => outline.name === name);
  const list = ref && depth > 0 ? passedOn(reader, ref, depth) : undefined;
  return list ?? nothing(`${name}() gives the exporter no list that is seen`);
}

function passedOn(reader: MappingReader, ref: FunctionRef, depth: number): MappingTypes | undefined {
  for (const { call, name } of callsIn(reader.codebase.program.lower(ref).body)) {
    if (name === null || !attachFunctions.includes(name) || name === ref.outline.name) continue;
    const index = argumentIndex(name, 'matches');
    const list = index === undefined ? undefined : call.arguments[index];
    if (list) return readList(reader, { expression: list, scope: scopeOf(ref.path, ref) });
    if (apiRow(name)) return ofWrapper(reader, name, depth - 1);
  }
  return undefined;
}
