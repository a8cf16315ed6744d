import { callsIn, type Expression, visitStatements } from '../../c/index.js';
import {
  type CallSite,
  type Codebase,
  type FunctionRef,
  folderOf,
  functionKey,
  originsOf,
} from '../../program/index.js';
import { type Place, placeOf } from '../places.js';
import type { OpsTable } from '../tables/tables.js';
import type { Reach } from './ops-at-attach.js';

const deepestClimb = 10;

/**
 * Finds the drivers that reach an importer's attach through helpers of its module: the calls from other folders of
 * the functions that lead there.
 */
export function createUserSearch(codebase: Codebase): (table: OpsTable, reaches: readonly Reach[]) => readonly Place[] {
  return (table, reaches) => {
    const users = new Map<string, Place>();
    const home = folderOf(table.path);
    const add = (place: Place): void => void users.set(`${place.file}:${place.line}`, place);
    const seen = new Set<string>();
    const climb = (ref: FunctionRef, depth: number): void => {
      if (seen.has(functionKey(ref)) || depth > deepestClimb) return;
      seen.add(functionKey(ref));
      for (const site of codebase.references.callersOf(ref)) {
        if (cannotLead(codebase, ref, site)) continue;
        const { caller, call } = site;
        const isInline = caller.path.endsWith('.h');
        const isAway = folderOf(caller.path) !== home && !isInline;
        if (isAway && !isHelper(codebase, ref)) continue;
        if (isAway) {
          add(placeOf(codebase, caller.path, call.at, caller));
        }
        if (leadsFurther(codebase, caller, home)) climb(caller, depth + 1);
      }
    };
    for (const { site, frames } of reaches) {
      // Whoever hands its ops to a helper of another module uses that one as well.
      for (const frame of frames.slice(1))
        if (folderOf(frame.ref.path) !== folderOf(site.ref.path))
          add(placeOf(codebase, frame.ref.path, frame.at, frame.ref));
      const naming = frames.at(-1)?.ref;
      if (naming) climb(naming, 0);
    }
    return [...users.values()].sort((left, right) =>
      left.file === right.file ? left.line - right.line : left.file < right.file ? -1 : 1,
    );
  };
}

/** A function that other modules can call. */
function isHelper(codebase: Codebase, ref: FunctionRef): boolean {
  return codebase.program.exporterOf(ref.outline.name) !== undefined || ref.path.endsWith('.h');
}

/** The functions that lead to an importer's attach and whose callers are not all known yet. */
export function unknownEntrances(codebase: Codebase, reaches: readonly Reach[]): readonly FunctionRef[] {
  const found = new Map<string, FunctionRef>();
  const climb = (ref: FunctionRef, home: string, depth: number): void => {
    const key = functionKey(ref);
    if (found.has(key) || depth > deepestClimb) return;
    found.set(key, ref);
    for (const { caller } of codebase.references.callersOf(ref))
      if (leadsFurther(codebase, caller, home)) climb(caller, home, depth + 1);
  };
  for (const { table, frames } of reaches)
    if (table) for (const frame of frames) climb(frame.ref, folderOf(table.path), 0);
  return [...found.values()].filter((ref) => !codebase.references.isScopeKnown(ref));
}

/** Whether a caller is one more helper on the way up: of the importer's own folder, inline, or exported. */
function leadsFurther(codebase: Codebase, caller: FunctionRef, home: string): boolean {
  return folderOf(caller.path) === home || isHelper(codebase, caller);
}

/**
 * Whether a call hands NULL to a parameter without which the callee, or a helper that it hands it on to, gives up:
 * a helper for several kinds of memory is then used for another kind than a dma-buf.
 */
function cannotLead(codebase: Codebase, callee: FunctionRef, { call }: CallSite): boolean {
  return call.arguments.some((argument, index) => isNull(argument) && refusesNull(codebase, callee, index, 4));
}

function isNull(argument: Expression): boolean {
  return argument.kind === 'name' && argument.name === 'NULL';
}

function refusesNull(codebase: Codebase, ref: FunctionRef, index: number, depth: number): boolean {
  const unit = codebase.program.lower(ref);
  const name = unit.parameters[index]?.name;
  if (!name) return false;
  let refuses = false;
  visitStatements(unit.body, (statement) => {
    if (statement.kind !== 'if' || statement.test.kind !== 'unary' || statement.test.operator !== '!') return;
    const tested = statement.test.operand;
    const [first] = statement.then;
    if (tested.kind === 'name' && tested.name === name && first?.kind === 'return' && isErrorValue(first.value))
      refuses = true;
  });
  if (refuses || depth === 0) return refuses;
  return callsIn(unit.body).some(({ call, name: calleeName }) => {
    const handed = call.arguments.findIndex((argument) =>
      originsOf(unit, argument).some(
        (origin) => origin.kind === 'parameter' && origin.index === index && origin.path.length === 0,
      ),
    );
    const target = handed >= 0 && calleeName ? codebase.definitions.find(calleeName, ref.path) : undefined;
    return (
      target !== undefined &&
      functionKey(target) !== functionKey(ref) &&
      refusesNull(codebase, target, handed, depth - 1)
    );
  });
}

/** `-EINVAL`, `ERR_PTR(-EINVAL)`. */
export function isErrorValue(value: Expression | null): boolean {
  if (!value) return false;
  if (value.kind === 'unary' && value.operator === '-') return true;
  return value.kind === 'call' && value.callee.kind === 'name' && /^ERR_(PTR|CAST)$/.test(value.callee.name);
}
