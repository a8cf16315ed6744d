import type { SourceFile } from '../../src/c/index.js';
import { conditionAt } from '../../src/c/index.js';
import { type Contract, type Importer, membersFor, type OpsTable } from '../../src/contract/index.js';
import { dmaBufHeader, importerCallback, importerOpsTag } from '../../src/kernel/index.js';
import { type FixProposal, noFix, type TextEdit } from '../../src/lint/index.js';
import { beginsLine, indentAt, lineEnd, lineStart, removal, withCommentsAbove } from '../shared/fix-text.js';

/**
 * Proposes to mark a pinned importer as this tree requires: to set its marker field, or to leave the callback out.
 * @param alike every importer that this rule reports
 */
export function markImporter(contract: Contract, importer: Importer, alike: readonly Importer[]): FixProposal {
  const { dialect, codebase } = contract;
  const { table } = importer;
  const file = codebase.program.file(table.path);
  if (!file || table.local || table.unreadable) return noFix('its ops are made at run time');
  if (dialect.markers.length > 0) return setMarker(contract, table, file);
  if (importerCallback(dialect.callback)?.isRequired || dialect.callbackRequired)
    return noFix('this tree has no mark: the callback must be there');
  return dropCallback(contract, importer, file, alike);
}

function setMarker({ dialect, codebase }: Contract, table: OpsTable, file: SourceFile): FixProposal {
  const [marker, second] = dialect.markers;
  const struct = codebase.program.file(dmaBufHeader)?.unit.structs.find(({ tag }) => tag === importerOpsTag);
  const field = struct?.fields.find(({ name }) => name === marker?.field);
  if (!marker || second || !field || !/^(?:bool|_Bool)$/.test(field.type))
    return noFix('it is unknown which field marks an importer, and with which value');
  const edit = marker.setMeansCannot
    ? settingOf(table, file, marker.field, table.path)
    : removalOf(table, file, marker.field);
  if (!edit) return noFix(`'${marker.field}' cannot be ${marker.setMeansCannot ? 'set' : 'removed'} there safely`);
  return {
    kind: 'fix',
    title: `mark '${table.name}' as not revocable`,
    reason: `The importer with '${table.name}' pins its buffers and cannot stop access to them when they are invalidated, but does not say so. ${marker.setMeansCannot ? 'Set' : 'Leave out'} '${marker.field}', so that exporters which revoke can refuse it.`,
    edits: [edit],
  };
}

/** Sets a field of a table with designated initialisers to true: in its own entry, or in a new last one. */
function settingOf(table: OpsTable, file: SourceFile, field: string, path: string): TextEdit | null {
  const [entry, other] = membersFor(table, field);
  if (other || entry?.condition) return null;
  if (entry) {
    const value = /^\.\s*\w+\s*=\s*(\w+)/.exec(file.code.slice(entry.at));
    const [whole, text] = value ?? [];
    if (whole === undefined || text === undefined) return null;
    const end = entry.at + whole.length;
    return { path, start: end - text.length, end, text: 'true' };
  }
  const last = table.members.at(-1);
  const shape = last && /^\.\s*\w+\s*=\s*&?\w+(\s*,)?/.exec(file.code.slice(last.at));
  if (!last || !shape || last.condition || table.members.some(({ at }) => at > last.at)) return null;
  const end = last.at + shape[0].length;
  const comma = shape[1] === undefined ? ',' : '';
  if (!beginsLine(file.text, last.at)) return { path, start: end, end, text: `${comma} .${field} = true` };
  if (comma !== '') return { path, start: end, end, text: `,\n${indentAt(file.text, last.at)}.${field} = true,` };
  const next = lineEnd(file.text, end);
  return { path, start: next, end: next, text: `${indentAt(file.text, last.at)}.${field} = true,\n` };
}

/** Removes an entry from a table; null if it is not a plain one. */
function removalOf(table: OpsTable, file: SourceFile, field: string): TextEdit | null {
  const [entry, other] = membersFor(table, field);
  const shape = entry && /^\.\s*\w+\s*=\s*&?\s*\w+\s*(?:,|(?=\}))/.exec(file.code.slice(entry.at));
  if (!entry || other || entry.condition || !shape) return null;
  return removal(table.path, file, entry.at, entry.at + shape[0].trimEnd().length);
}

function dropCallback(
  contract: Contract,
  importer: Importer,
  file: SourceFile,
  alike: readonly Importer[],
): FixProposal {
  const { dialect } = contract;
  const { table, callback, verdict } = importer;
  if (verdict.kind !== 'stub' || callback === null) return noFix('its callback may do something');
  const entry = removalOf(table, file, dialect.callback);
  if (!entry) return noFix('its callback is not a plain entry of the table');
  const unused = withoutFunction(contract, importer, callback, alike);
  if (unused === null) return noFix(`${callback}() is also used elsewhere`);
  return {
    kind: 'fix',
    title: `drop the stub callback of '${table.name}'`,
    reason: `The importer with '${table.name}' pins its buffers and cannot stop access to them when they are invalidated: ${callback}() only ${verdict.only === 'warns' ? 'warns' : 'returns'}. With it the importer claims to be revocable. Leaving the callback out says that it is not, and lets exporters that revoke refuse it.`,
    edits: [entry, ...unused],
  };
}

/**
 * The edits that remove the callback function, and its entries in the other tables that this rule reports. None if code
 * outside the file may call the function; null if something else in the file uses it.
 */
function withoutFunction(
  { codebase, dialect }: Contract,
  { table }: Importer,
  callback: string,
  alike: readonly Importer[],
): readonly TextEdit[] | null {
  const ref = codebase.definitions.find(callback, table.path);
  if (!ref?.outline.isStatic || ref.path !== table.path) return [];
  const file = codebase.program.file(ref.path);
  if (!file || file.unit.macros.some(({ body }) => new RegExp(`\\b${callback}\\b`).test(body))) return null;
  if (codebase.program.translationUnit(ref.path).length > 1) return null;
  const others = alike.filter(
    (each) => each.table !== table && each.callback === callback && each.table.path === ref.path,
  );
  const entries = others.map((each) => removalOf(each.table, file, dialect.callback));
  const named = codebase.references.of(callback, [ref.path]).filter(({ at }) => at !== ref.outline.nameAt);
  if (named.length !== entries.length + 1 || entries.includes(null)) return null;
  const condition = conditionAt(file.unit, ref.outline.start);
  if (condition !== conditionAt(file.unit, table.at)) return null;
  const head = lineStart(file.text, ref.outline.start);
  if (!beginsLine(file.text, ref.outline.start)) return null;
  const start = withCommentsAbove(file, head);
  let end = lineEnd(file.text, ref.outline.end);
  if (/\S/.test(file.text.slice(ref.outline.end, end))) return null;
  if (/^\r?\n/.test(file.text.slice(end))) end = lineEnd(file.text, end);
  return [...entries.filter((entry) => entry !== null), { path: ref.path, start, end, text: '' }];
}
