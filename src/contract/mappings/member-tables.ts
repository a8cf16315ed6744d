// In which members do structures keep tables that an importer got by a map, and nothing else?

import { type Expression, visitExpressions } from '../../c/index.js';
import { isNullWord, isZeroLiteral, mentionsTableView } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, memoByFile, plain } from '../../program/index.js';
import { isCallResult } from '../calls/origins.js';
import type { AttachmentUse } from '../model/attachment.js';
import { functionsMatching } from '../tables/functions-matching.js';
import { createStructFields, type StructFields } from '../tables/struct-fields.js';
import { unique } from '../unique.js';

/** A member that only ever holds a mapped table, and the map that fills it. */
interface TableMember {
  readonly tag: string;
  readonly member: string;
  readonly filledBy: AttachmentUse;
}

/** A member of a table, as a function that looks at tables reads it. */
interface MemberReader {
  readonly ref: FunctionRef;
  readonly held: TableMember;
  readonly isTable: (value: Expression) => boolean;
}

/**
 * Returns the functions that look at the entries of some table, and read a member that holds only mapped tables. A member in
 * which a driver keeps tables of its own as well is left out.
 */
export function memberReaders(codebase: Codebase, maps: readonly AttachmentUse[]): readonly MemberReader[] {
  const fields = createStructFields(codebase);
  return tableMembers(codebase, fields, maps).flatMap((held) => {
    const { tag, member, filledBy } = held;
    return codebase.definitions
      .module(filledBy.ref.path)
      .flatMap((path) => readersIn(codebase, path, member))
      .map((ref) => ({
        ref,
        held,
        isTable: (value: Expression): boolean =>
          value.kind === 'member' && value.member === member && fields.memberOf(ref, value)?.tag === tag,
      }));
  });
}

/** The functions of a file that read a member of this name, where the file looks at tables at all. */
function readersIn(codebase: Codebase, path: string, member: string): readonly FunctionRef[] {
  const mention = new RegExp(`(?:->|\\.)\\s*${member}\\b`, 'g');
  const find = (): readonly FunctionRef[] =>
    codebase.program.mayHoldWhole(path, member) && viewsTables(codebase, path)
      ? functionsMatching(codebase, path, mention)
      : [];
  return memoByFile(codebase, path, `table-readers\0${member}`, find, plain());
}

function viewsTables(codebase: Codebase, path: string): boolean {
  return memoByFile(
    codebase,
    path,
    'views-tables',
    () => mentionsTableView(codebase.program.peek(path) ?? ''),
    plain(),
  );
}

function tableMembers(
  codebase: Codebase,
  fields: StructFields,
  maps: readonly AttachmentUse[],
): readonly TableMember[] {
  const isMapped = ({ ref, value }: { readonly ref: FunctionRef; readonly value: Expression }): boolean =>
    maps.some(
      (map) =>
        functionKey(map.ref) === functionKey(ref) && isCallResult(codebase.program.lower(ref), value, map.call.at),
    );
  const filled = maps.flatMap((map) => membersFilledBy(codebase, fields, map));
  return unique(filled, ({ tag, member }) => `${tag}.${member}`).filter(({ tag, member, filledBy }) => {
    const { values, isComplete } = fields.storesTo({ tag, member }, filledBy.ref.path);
    return isComplete && values.every((store) => isNothing(store.value) || isMapped(store));
  });
}

function isNothing(value: Expression): boolean {
  return isNullWord(value) || isZeroLiteral(value);
}

function membersFilledBy(codebase: Codebase, fields: StructFields, map: AttachmentUse): readonly TableMember[] {
  const unit = codebase.program.lower(map.ref);
  const found: TableMember[] = [];
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || !isCallResult(unit, expression.value, map.call.at)) return;
    const member = fields.memberOf(map.ref, expression.target);
    if (member) found.push({ ...member, filledBy: map });
  });
  return found;
}
