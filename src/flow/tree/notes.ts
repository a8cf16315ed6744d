// `ex_mark(x, EX_MAPPED)`: which helpers only note in what they are given which steps were made?

import {
  type CallExpression,
  type Expression,
  type Statement,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import {
  bitFunctions,
  bitmapFunctions,
  changesCount,
  clearsBitmap,
  countSteps,
  isConversion,
  isHarmless,
  isPlainLock,
  isPlainUnlock,
  kref,
  makesBit,
  memberCounts,
  readAccess,
  storeAccess,
} from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionsIn, memoByFunction, plain } from '../../program/index.js';

/** A longer function does more than to note something. */
const mostStatements = 16;
/** The same in characters. */
const longest = 800;
/** Through how many callees a note is made. */
const deepest = 1;

/**
 * Whether a function does nothing but write numbers to members of what it is given, on any of its ways, or change their bits and
 * counts: `x->done |= BIT(step);`, `if (step > x->at) x->at = step;`, `switch (step) { case EX_MAP: x->mapped = true; … }`.
 * It does not touch the API, but what it writes may decide how the object is released.
 */
export function isNote(codebase: Codebase, ref: FunctionRef, depth = deepest): boolean {
  if (ref.outline.end - ref.outline.bodyStart > longest) return false;
  return memoByFunction(codebase, ref, `is a note\0${depth}`, () => readsAsNote(codebase, ref, depth), plain());
}

function readsAsNote(codebase: Codebase, ref: FunctionRef, depth: number): boolean {
  const { body, parameters, unparsed } = codebase.program.lower(ref);
  if (unparsed.length > 0 || parameters.length === 0) return false;
  const own = new Set(parameters.map(({ name }) => name));
  let [statements, isPlain, writes] = [0, true, false];
  visitStatements(body, (statement) => {
    statements++;
    if (statement.kind === 'declaration') own.add(statement.name);
    if (!isPlainStatement(statement)) isPlain = false;
  });
  if (!isPlain || statements > mostStatements) return false;
  const calls: CallExpression[] = [];
  visitExpressions(body, (expression) => {
    if (!isPlain) return;
    if (expression.kind === 'statements' || expression.kind === 'unparsed') isPlain = false;
    if (expression.kind === 'call') calls.push(expression);
    const target =
      expression.kind === 'assignment' ? expression.target : expression.kind === 'update' ? expression.operand : null;
    if (!target || target.kind === 'name') {
      if (target && !own.has(target.name)) isPlain = false;
      return;
    }
    if (own.has(rootOf(target))) writes = true;
    else isPlain = false;
  });
  if (!isPlain) return false;
  for (const call of calls) {
    const effect = effectOf(codebase, ref, call, depth);
    if (effect === 'unknown') return false;
    if (effect === 'writes') writes = true;
  }
  return writes;
}

/** The function of a name in the file of another one. */
export function besideIn({ program }: Codebase, { path }: FunctionRef, name: string): FunctionRef | undefined {
  return functionsIn(program, path).find(({ outline }) => outline.name === name);
}

const plainStatements: ReadonlySet<Statement['kind']> = new Set([
  'expression',
  'block',
  'if',
  'switch',
  'case',
  'break',
  'return',
]);

function isPlainStatement(statement: Statement): boolean {
  if (statement.kind === 'declaration') return !/\bstatic\b/.test(statement.type) && statement.cleanup === null;
  return plainStatements.has(statement.kind);
}

/** What a call in a note does: it writes to what it is given, only reads, or may do anything. */
function effectOf(
  codebase: Codebase,
  ref: FunctionRef,
  { callee }: CallExpression,
  depth: number,
): 'writes' | 'reads' | 'unknown' {
  if (callee.kind !== 'name') return 'unknown';
  const { name } = callee;
  const bitmap = bitmapFunctions.get(name);
  if (bitmap) return bitmap.writes === null ? 'reads' : 'writes';
  const writes = bitFunctions.has(name) || countSteps.has(name) || changesNumber(name) || storeAccess(name);
  if (writes) return 'writes';
  const isRead = isHarmless(name) || isConversion(name) || makesBit(name) || readAccess(name);
  if (isRead || isPlainLock(name) || isPlainUnlock(name)) return 'reads';
  const target = depth > 0 ? besideIn(codebase, ref, name) : undefined;
  if (!target) return 'unknown';
  return isNote(codebase, target, depth - 1) ? 'writes' : isPlaceOf(codebase, target) ? 'reads' : 'unknown';
}

/** The names of the members that a note writes, those of the notes that it calls included. */
export function membersNoted(codebase: Codebase, ref: FunctionRef, depth = deepest): ReadonlySet<string> {
  return memoByFunction(codebase, ref, `members noted\0${depth}`, () => {
    const found = new Set<string>();
    const note = (place: Expression): void => {
      visitExpressions([{ kind: 'expression', expression: place, at: place.at }], (one) => {
        if (one.kind === 'member') found.add(one.member);
      });
    };
    visitExpressions(codebase.program.lower(ref).body, (expression) => {
      if (expression.kind === 'assignment') note(expression.target);
      if (expression.kind === 'update') note(expression.operand);
      if (expression.kind !== 'call' || expression.callee.kind !== 'name') return;
      for (const argument of expression.arguments) note(argument);
      const target = depth > 0 ? besideIn(codebase, ref, expression.callee.name) : undefined;
      for (const member of target ? membersNoted(codebase, target, depth - 1) : []) found.add(member);
      if (target && isPlaceOf(codebase, target)) visitExpressions(codebase.program.lower(target).body, note);
    });
    return found;
  });
}

/** Whether a call changes an atomic number in a way of its own, or clears a bitmap. */
function changesNumber(name: string): boolean {
  return name === clearsBitmap || (changesCount(name) && name !== kref.init && !memberCounts.has(name));
}

/** Whether a function does nothing but return a place in what it is given: `return &x->marks;`. */
function isPlaceOf(codebase: Codebase, ref: FunctionRef): boolean {
  const { body, unparsed } = codebase.program.lower(ref);
  const [only, ...others] = body;
  if (unparsed.length > 0 || others.length > 0 || only?.kind !== 'return' || !only.value) return false;
  let calls = false;
  visitExpressions(body, ({ kind }) => {
    if (kind === 'call' || kind === 'statements' || kind === 'assignment' || kind === 'update') calls = true;
  });
  return !calls;
}

/** The variable that a place leads from: the x of `x->marks[i]`, `*x` and `ex_word(x)`; '' for any other place. */
function rootOf(place: Expression): string {
  switch (place.kind) {
    case 'name':
      return place.name;
    case 'member':
    case 'index':
      return rootOf(place.object);
    case 'unary':
    case 'cast':
    case 'update':
      return rootOf(place.operand);
    case 'call':
      return place.arguments[0] ? rootOf(place.arguments[0]) : '';
    default:
      return '';
  }
}
