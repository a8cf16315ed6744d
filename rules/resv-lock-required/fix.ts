import { type CallInBody, type Expression, lvalueText, type SourceFile } from '../../src/c/index.js';
import type { Contract, LockDefect } from '../../src/contract/index.js';
import {
  dmaBufHeader,
  dropReservation,
  reservationInclude,
  reservationPrefix,
  roleOf,
  takeReservation,
  takesAnyLock,
  usesReservationLock,
} from '../../src/kernel/index.js';
import { type FixProposal, noFix, type TextEdit } from '../../src/lint/index.js';
import { type Codebase, type FunctionRef, functionAt } from '../../src/program/index.js';
import { callAt } from '../shared/call-at.js';
import { beginsLine, indentAt, lineEnd, renaming } from '../shared/fix-text.js';

/** How many levels of callers are searched for another lock. */
const deepestCaller = 3;

/** Proposes to take the lock around a pin or unpin, or to call the `_unlocked` form, which takes the lock itself. */
export function holdLock(contract: Contract, fact: LockDefect): FixProposal {
  const { codebase, dialect } = contract;
  const ref = functionAt(codebase.program, fact.path, fact.at);
  const file = codebase.program.file(fact.path);
  const found = ref && callAt(codebase.program.lower(ref), fact.at, fact.api);
  if (!ref || !file || !found) return noFix('the call is made by a macro');
  if (fact.verdict === 'unasked') return noFix('what to do after a signal is for somebody to decide');
  if (fact.certainty !== 'high' || fact.verdict === 'other') return noFix('the lock may be held on some path');
  const unlocked = `${fact.api}_unlocked`;
  const isPin = roleOf(fact.api) === 'pin' || roleOf(fact.api) === 'unpin';
  if (!isPin && !dialect.declared.has(unlocked)) return noFix(`there is no form of ${fact.api}() that takes the lock`);
  // In code that has dropped the reservation lock, taking it does not count as another lock.
  const isOther = (name: string): boolean => fact.verdict !== 'dropped' || !name.startsWith(reservationPrefix);
  if (holdsAnother(codebase, ref, found.call.at, isOther, deepestCaller))
    return noFix('another lock may be held, and somebody must decide the order of the two');
  const edits = isPin ? around(file, fact.path, found) : inItsOwnForm(file, fact, found, unlocked);
  if (typeof edits === 'string') return noFix(edits);
  return {
    kind: 'fix',
    title: isPin ? `hold the reservation lock for ${fact.api}()` : `use ${unlocked}()`,
    reason: `${ref.outline.name}() calls ${fact.api}() without the reservation lock of the buffer, which its callers must hold: lockdep warns, and the exporter may move the buffer during the call. ${isPin ? 'Take the lock around the call.' : `Call ${unlocked}(), which takes it.`}`,
    edits,
  };
}

/** Whether the function of a call, or one of its callers, takes a lock before the call. */
function holdsAnother(
  codebase: Codebase,
  ref: FunctionRef,
  at: number,
  isOther: (name: string) => boolean,
  depth: number,
): boolean {
  const code = codebase.program.file(ref.path)?.code ?? '';
  if (takesAnyLock(code.slice(ref.outline.bodyStart, at), isOther)) return true;
  if (depth === 0) return false;
  return codebase.references
    .callersOf(ref)
    .some(({ caller, call }) => caller !== ref && holdsAnother(codebase, caller, call.at, isOther, depth - 1));
}

function inItsOwnForm(file: SourceFile, { path, api }: LockDefect, { call }: CallInBody, unlocked: string) {
  const edit = renaming(path, file.text, call.callee.at, api, unlocked);
  return edit ? [edit] : 'the call is made by a macro';
}

/** Adds lock and unlock around a statement that is the call or `ret = call`, and stands in a block. */
function around(file: SourceFile, path: string, found: CallInBody): readonly TextEdit[] | string {
  const { statement, call } = found;
  const { text, code } = file;
  const notSimple = 'the call is part of a larger statement';
  if (statement.kind !== 'expression') return notSimple;
  const { expression } = statement;
  const isAssigned = expression.kind === 'assignment' && expression.operator === '=' && expression.value === call;
  if (expression !== call && !(isAssigned && lvalueText(expression.target) !== null)) return notSimple;
  const attachment = call.arguments[0] && nameOf(call.arguments[0]);
  if (!attachment) return 'the attachment is more than a name or a member';
  const end = /^\s*;/.exec(code.slice(call.end));
  const before = code.slice(0, statement.at).trimEnd().at(-1) ?? '';
  if (!end || !beginsLine(text, statement.at) || !/[{};:]/.test(before)) return notSimple;
  const include = includeFor(file, path);
  if (include === null) return `the file must include ${reservationInclude}, and the place for that is unknown`;
  const indent = indentAt(text, statement.at);
  const next = lineEnd(text, call.end + end[0].length);
  if (/\S/.test(code.slice(call.end + end[0].length, next))) return notSimple;
  const start = statement.at - indent.length;
  const resv = `${attachment}->dmabuf->resv`;
  return [
    ...include,
    { path, start, end: start, text: `${indent}${takeReservation}(${resv}, NULL);\n` },
    { path, start: next, end: next, text: `${indent}${dropReservation}(${resv});\n` },
  ];
}

/** The source text of a name or member access: it can be read twice. Null for anything else. */
function nameOf(value: Expression): string | null {
  if (value.kind === 'name') return value.name;
  if (value.kind !== 'member') return null;
  const object = nameOf(value.object);
  return object === null ? null : `${object}${value.arrow ? '->' : '.'}${value.member}`;
}

/** The edit that includes the lock's header, if the file lacks it; null if no place for it is found. */
function includeFor({ unit, code, text }: SourceFile, path: string): readonly TextEdit[] | null {
  if (usesReservationLock(code)) return [];
  if (unit.includes.some((include) => include.path === reservationInclude)) return [];
  const beside = unit.includes.find((include) => `include/${include.path}` === dmaBufHeader);
  if (!beside) return null;
  const next = lineEnd(text, beside.at);
  return [{ path, start: next, end: next, text: `#include <${reservationInclude}>\n` }];
}
