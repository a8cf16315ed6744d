// Which drivers attach through an importer's helpers?

import { callsIn, visitStatements } from '../../c/index.js';
import { isErrorValue, isNullWord } from '../../kernel/index.js';
import { type CallSite, type Codebase, type FunctionRef, folderOf, functionKey } from '../../program/index.js';
import { byPlace } from '../by-place.js';
import { isParameterValue } from '../calls/origins.js';
import type { AttachPath } from '../model/attachment.js';
import { type Place, placeOf } from '../places.js';
import type { OpsTable } from '../tables/ops-table.js';

/** The search goes up through this many callers at most. */
const highestCaller = 10;

/**
 * Finds the drivers that attach with an importer's ops through helpers of its module.
 * @param attachPaths those of the table
 * @returns the calls of these helpers in other folders, by file and line
 */
export function findUsers(codebase: Codebase, table: OpsTable, attachPaths: readonly AttachPath[]): readonly Place[] {
  const users = new Map<string, Place>();
  const home = folderOf(table.path);
  const add = (place: Place): void => void users.set(`${place.file}:${place.line}`, place);
  const seen = new Set<string>();
  const visitCallers = (ref: FunctionRef, depth: number): void => {
    if (seen.has(functionKey(ref)) || depth > highestCaller) return;
    seen.add(functionKey(ref));
    for (const site of codebase.references.callersOf(ref)) {
      if (passesRefusedNull(codebase, ref, site)) continue;
      const { caller, call } = site;
      const isInline = caller.path.endsWith('.h');
      const isAway = folderOf(caller.path) !== home && !isInline;
      if (isAway && !isHelper(codebase, ref)) continue;
      if (isAway) add(placeOf(codebase, caller.path, call.at, caller));
      if (isFurtherHelper(codebase, caller, home)) visitCallers(caller, depth + 1);
    }
  };
  for (const { site, frames } of attachPaths) {
    // A driver that passes its own ops to a helper of another module uses that helper too.
    for (const frame of frames.slice(1))
      if (folderOf(frame.ref.path) !== folderOf(site.ref.path))
        add(placeOf(codebase, frame.ref.path, frame.at, frame.ref));
    const naming = frames.at(-1)?.ref;
    if (naming) visitCallers(naming, 0);
  }
  return [...users.values()].sort(byPlace);
}

/** Returns the functions from which an attach with ops can be reached, and whose callers are not all known yet. */
export function functionsWithUnknownCallers(
  codebase: Codebase,
  attachPaths: readonly AttachPath[],
): readonly FunctionRef[] {
  const found = new Map<string, FunctionRef>();
  const visitCallers = (ref: FunctionRef, home: string, depth: number): void => {
    const key = functionKey(ref);
    if (found.has(key) || depth > highestCaller) return;
    found.set(key, ref);
    for (const { caller } of codebase.references.callersOf(ref))
      if (isFurtherHelper(codebase, caller, home)) visitCallers(caller, home, depth + 1);
  };
  for (const { table, frames } of attachPaths)
    if (table) for (const frame of frames) visitCallers(frame.ref, folderOf(table.path), 0);
  return [...found.values()].filter((ref) => !codebase.references.isScopeKnown(ref));
}

/** Whether other modules can call a function. */
function isHelper(codebase: Codebase, ref: FunctionRef): boolean {
  return codebase.program.exporterOf(ref.outline.name) !== undefined || ref.path.endsWith('.h');
}

/** Whether a caller is a further helper, so that its callers count too: it is in the importer's folder, inline, or exported. */
function isFurtherHelper(codebase: Codebase, caller: FunctionRef, home: string): boolean {
  return folderOf(caller.path) === home || isHelper(codebase, caller);
}

/**
 * Whether a call passes NULL for a parameter that the callee, or a helper below it, refuses to be NULL. Such a call uses
 * a helper for several kinds of memory, and means another kind than a dma-buf.
 */
function passesRefusedNull(codebase: Codebase, callee: FunctionRef, { call }: CallSite): boolean {
  return call.arguments.some((argument, index) => isNullWord(argument) && refusesNull(codebase, callee, index, 4));
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
    const passed = call.arguments.findIndex((argument) => isParameterValue(unit, argument, index));
    const target = passed >= 0 && calleeName ? codebase.definitions.find(calleeName, ref.path) : undefined;
    return (
      target !== undefined &&
      functionKey(target) !== functionKey(ref) &&
      refusesNull(codebase, target, passed, depth - 1)
    );
  });
}
