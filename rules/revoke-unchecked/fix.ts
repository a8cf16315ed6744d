import { callsIn, type FunctionUnit, type SourceFile, type Statement } from '../../src/c/index.js';
import { type Contract, type Exporter, functionFor, hasOp, membersFor } from '../../src/contract/index.js';
import { attachmentTag, isPlainView } from '../../src/kernel/index.js';
import { type FixProposal, noFix, type TextEdit } from '../../src/lint/index.js';
import type { FunctionRef } from '../../src/program/index.js';
import { beginsLine, lineStart, withCommentsAbove } from '../shared/fix-text.js';

/**
 * Proposes to refuse importers that are not revocable when they attach.
 * @param alike every exporter that this rule reports
 */
export function refuseAtAttach(contract: Contract, exporter: Exporter, alike: readonly Exporter[]): FixProposal {
  const check = contract.dialect.revocableCheck;
  if (check === null) return noFix('this tree has no check for revocable importers');
  const { table } = exporter;
  if (table.local || table.unreadable || exporter.completedMembers !== null)
    return noFix('its ops are made at run time');
  const edits = hasOp(exporter, 'attach')
    ? inItsAttach(contract, exporter, alike, check)
    : withNewAttach(contract, exporter, check);
  if (typeof edits === 'string') return noFix(edits);
  return {
    kind: 'fix',
    title: `refuse importers that are not revocable`,
    reason: `The exporter with '${table.name}' revokes its buffers, but accepts importers that cannot be revoked. They keep using memory that is gone. Call ${check}() when they attach.`,
    edits,
  };
}

/** The check in kernel style. */
function refusal(check: string, attachment: string): string {
  return `\tif (!${check}(${attachment}))\n\t\treturn -EOPNOTSUPP;\n\n`;
}

function inItsAttach(
  { codebase }: Contract,
  { table }: Exporter,
  alike: readonly Exporter[],
  check: string,
): readonly TextEdit[] | string {
  const name = functionFor(table, 'attach');
  const ref = name === null ? undefined : codebase.definitions.find(name, table.path);
  const file = ref && codebase.program.file(ref.path);
  if (name === null || !ref || !file) return 'the source of its attach was not found';
  if (membersFor(table, 'attach').length > 1) return 'its attach depends on the configuration';
  const own = alike.filter((each) => functionFor(each.table, 'attach') === name).length;
  const named = codebase.references
    .of(name, codebase.references.scope(ref))
    .filter(({ at }) => at !== ref.outline.nameAt);
  if (!ref.outline.isStatic || named.length !== own) return `others use ${name}() too`;
  const attachment = ref.outline.parameters.find(({ type }) => type.includes(`struct ${attachmentTag} *`));
  if (!attachment || !/\bint\b/.test(ref.outline.returnType))
    return `${name}() does not have the signature of an attach callback`;
  const next = placeForCheck(codebase.program.lower(ref));
  if (!next || !beginsLine(file.text, next.at)) return `${name}() has no safe place for the check`;
  return [inserted(ref, file, next, refusal(check, attachment.name))];
}

/**
 * The statement before which the check belongs: the first that is neither a declaration nor an early refusal.
 * Undefined if the code before it may have taken something that a return would leak.
 */
function placeForCheck({ body, unparsed }: FunctionUnit): Statement | undefined {
  if (unparsed.length > 0) return undefined;
  const isPlain = (statement: Statement): boolean =>
    callsIn([statement]).every(({ name }) => name !== null && isPlainView(name));
  for (const statement of body) {
    if (statement.kind === 'declaration') {
      if (statement.cleanup !== null || !isPlain(statement)) return undefined;
    } else if (!(statement.kind === 'if' && isRefusal(statement) && isPlain(statement)))
      return ['variants', 'unparsed', 'label', 'macro-block'].includes(statement.kind) ? undefined : statement;
  }
  return undefined;
}

function isRefusal(statement: Statement & { readonly kind: 'if' }): boolean {
  const [only, second] = statement.then;
  const inner = only?.kind === 'block' ? (only.body.length === 1 ? only.body[0] : undefined) : only;
  return second === undefined && statement.otherwise.length === 0 && inner?.kind === 'return';
}

function inserted(ref: FunctionRef, file: SourceFile, next: Statement, text: string): TextEdit {
  const start = withCommentsAbove(file, next.at);
  const before = file.text.slice(0, start);
  const isApart = /(?:\n[ \t]*\r?\n|\{[ \t]*\r?\n)$/.test(before);
  return { path: ref.path, start, end: start, text: isApart ? text : `\n${text}` };
}

/** Adds an attach callback, named after the map callback, and its table entry. */
function withNewAttach({ codebase }: Contract, { table }: Exporter, check: string): readonly TextEdit[] | string {
  const file = codebase.program.file(table.path);
  const [map, other] = membersFor(table, 'map_dma_buf');
  const name = map?.functionName?.replace(/(^|_)map(?=_|$)/, '$1attach');
  const variable = file?.unit.variables.find(
    ({ valueAt, end }) => map && valueAt !== null && valueAt <= map.at && map.at < end,
  );
  if (!file || !map || !variable || other || map.condition || !table.path.endsWith('.c') || variable.array)
    return 'it has no attach, and its ops are not a plain table';
  if (!name || name === map.functionName || codebase.program.includes(table.path, name))
    return 'it has no attach, and no name for one can be derived from its map';
  const ref = map.functionName === null ? undefined : codebase.definitions.find(map.functionName, table.path);
  if (ref?.path !== table.path) return 'it has no attach, and its functions are in another file';
  const [start, entry] = [lineStart(file.text, variable.start), lineStart(file.text, map.at)];
  const shape = /^([ \t]*)\.map_dma_buf([ \t]*)=/.exec(file.text.slice(entry));
  if (!shape || !beginsLine(file.text, map.at)) return 'it has no attach, and its ops are not a plain table';
  const [, indent = '', space = ''] = shape;
  const head = `static int ${name}(`;
  const pad = '\t'.repeat(head.length >> 3) + ' '.repeat(head.length & 7);
  const [first, second] = ['struct dma_buf *dmabuf,', 'struct dma_buf_attachment *attach)'];
  const isShort = `${head}${first} ${second}`.length <= 80;
  const text = `${head}${first}${isShort ? ' ' : `\n${pad}`}${second}\n{\n${refusal(check, 'attach')}\treturn 0;\n}\n\n`;
  const at = withCommentsAbove(file, start);
  return [
    { path: table.path, start: at, end: at, text },
    { path: table.path, start: entry, end: entry, text: `${indent}.attach${spaceFor(space)}= ${name},\n` },
  ];
}

/** The white space after `.attach` that aligns its `=` with that of `.map_dma_buf`. */
function spaceFor(space: string): string {
  if (!space.includes('\t') && space.length < 2) return space;
  const wide = '.map_dma_buf'.length - '.attach'.length;
  if (!space.includes('\t')) return space + ' '.repeat(wide);
  let column = 8 + '.map_dma_buf'.length;
  for (const character of space) column = character === '\t' ? (column & ~7) + 8 : column + 1;
  let tabs = '';
  for (let at = 8 + '.attach'.length; at < column; at = (at & ~7) + 8) tabs += '\t';
  return tabs;
}
