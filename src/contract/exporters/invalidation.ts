import { callsIn, type Expression, visitExpressions } from '../../c/index.js';
import { dmaBufCore, notifyNames } from '../../kernel/api.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import type { Dialect } from '../documents/dialect.js';
import type { Invalidation } from '../model.js';
import { type NotAnalysed, placeOf } from '../places.js';
import type { OpsTable } from '../tables/tables.js';
import { nearestTables } from './exporters.js';
import { opFunction, refusesWhenSet } from './refusal.js';
import { sequencesOf } from './revocation.js';

const fenceWaits = /^dma_resv_wait_timeout(_rcu)?$|^dma_resv_wait_\w+$/;
const unmapWaits =
  /^(wait_for_completion\w*|(?:swait|wait)_event\w*|wait_var_event\w*|wait_on_\w+|flush_work\w*|drain_workqueue)$/;

/** Every call of the notify function, with the exporter that it belongs to, and whether it revokes. */
export function findInvalidations(
  codebase: Codebase,
  dialect: Dialect,
  tables: readonly OpsTable[],
): { readonly byTable: ReadonlyMap<OpsTable, readonly Invalidation[]>; readonly problems: readonly NotAnalysed[] } {
  const byTable = new Map<OpsTable, Invalidation[]>();
  const problems: NotAnalysed[] = [];
  const names = [...new Set([dialect.notify, ...notifyNames])];
  for (const path of codebase.program.candidates) {
    if (path === dmaBufCore) continue;
    for (const name of names)
      for (const { inside, at, isCall } of codebase.references.of(name, [path])) {
        if (!inside || !isCall || at < inside.outline.bodyStart) continue;
        const place = placeOf(codebase, path, at, inside);
        const owners = comparedTables(codebase, inside, tables);
        const found = owners.length > 0 ? owners : nearestTables(tables, path);
        if (found.length === 0)
          problems.push({
            file: path,
            line: place.line,
            function: place.function,
            reason: `no exporter can be seen that this call of ${name}() acts for`,
          });
        for (const table of found) {
          const known = byTable.get(table) ?? [];
          known.push({ place, at, ...natureOf(codebase, inside, at, table) });
          byTable.set(table, known);
        }
      }
  }
  return { byTable, problems };
}

/** A function that compares `dmabuf->ops` with a table acts for that one. */
function comparedTables(codebase: Codebase, ref: FunctionRef, tables: readonly OpsTable[]): readonly OpsTable[] {
  const file = codebase.program.file(ref.path);
  const code = file?.code.slice(ref.outline.bodyStart, ref.outline.end) ?? '';
  return tables.filter(
    (table) =>
      codebase.program.translationUnit(table.path).includes(ref.path) &&
      new RegExp(`\\bops\\s*[!=]=\\s*&\\s*${[table.name, ...table.memberPath].join('\\s*\\.\\s*')}\\b`).test(code),
  );
}

/** Whether a notify call revokes, and what is waited for after it: in its function, what that calls, and who calls it. */
function natureOf(
  codebase: Codebase,
  ref: FunctionRef,
  at: number,
  table: OpsTable,
): Omit<Invalidation, 'place' | 'at'> {
  const around = neighbourhood(codebase, ref, at);
  const after = around.flatMap(({ ref: other, from }) => callNamesAfter(codebase, other, from));
  const waitsForUnmap = after.some((name) => unmapWaits.test(name));
  const map = opFunction(codebase, table, 'map_dma_buf');
  const flag = around
    .flatMap(({ ref: other }) => flagsSet(codebase, other))
    .find((member) => /revok/i.test(member) || (map !== undefined && refusesWhenSet(codebase, map, member, 1)));
  const named = around.find(({ ref: other }) => /revok/i.test(other.outline.name));
  const sequences = flag || waitsForUnmap || named ? sequencesOf(codebase, ref, at, table) : [];
  // A mover may wait too, for its copy: only a wait that the unmaps end makes a revocation.
  const drains = sequences.flatMap((sequence) => sequence.unmapWaits);
  const revokes = flag
    ? `sets '${flag}', on which new mappings are refused`
    : drains.length > 0
      ? 'waits for the mappings to end'
      : named
        ? `${named.ref.outline.name}() says so by its name`
        : null;
  return {
    revokes,
    isCertain: flag !== undefined || drains.some((wait) => wait.field !== null),
    sequences: revokes === null ? [] : sequences,
    waitsForFences: after.some((name) => fenceWaits.test(name)),
    waitsForUnmap,
  };
}

interface Neighbour {
  readonly ref: FunctionRef;
  /** Calls after this offset come after the notify call. */
  readonly from: number;
}

function neighbourhood(codebase: Codebase, ref: FunctionRef, at: number): readonly Neighbour[] {
  const found = new Map<string, Neighbour>([[functionKey(ref), { ref, from: at }]]);
  const add = (other: FunctionRef, from: number): void => {
    if (!found.has(functionKey(other))) found.set(functionKey(other), { ref: other, from });
  };
  const module = new Set(codebase.definitions.module(ref.path));
  for (const { name, call } of callsIn(codebase.program.lower(ref).body)) {
    const callee = name ? codebase.definitions.findNear(name, ref.path) : undefined;
    // What a helper waits for counts only where it is called after the notify; the flag it sets counts anyway.
    if (callee && module.has(callee.path) && isHelper(callee))
      add(callee, call.at > at ? callee.outline.start : callee.outline.end);
  }
  const climb = (below: FunctionRef, depth: number): void => {
    if (depth === 0) return;
    for (const { caller, call } of codebase.references.callersOf(below)) {
      if (!module.has(caller.path) || found.has(functionKey(caller))) continue;
      add(caller, call.at);
      climb(caller, depth - 1);
    }
  };
  climb(ref, 2);
  return [...found.values()];
}

function isHelper(ref: FunctionRef): boolean {
  return ref.outline.end - ref.outline.bodyStart < 2000;
}

function callNamesAfter(codebase: Codebase, ref: FunctionRef, from: number): readonly string[] {
  return callsIn(codebase.program.lower(ref).body).flatMap(({ name, call }) =>
    name !== null && call.at > from ? [name] : [],
  );
}

/** Members that a function sets to something other than false, 0 and NULL, on an object of somebody else's. */
function flagsSet(codebase: Codebase, ref: FunctionRef): readonly string[] {
  const members: string[] = [];
  visitExpressions(codebase.program.lower(ref).body, (expression) => {
    if (
      expression.kind === 'assignment' &&
      expression.target.kind === 'member' &&
      expression.operator === '=' &&
      !isFalse(expression.value)
    )
      members.push(expression.target.member);
    if (
      expression.kind === 'call' &&
      expression.callee.kind === 'name' &&
      /^(WRITE_ONCE|atomic_set|set_bit|smp_store_release)$/.test(expression.callee.name)
    ) {
      const [first, second] = expression.arguments;
      const target = expression.callee.name === 'set_bit' ? second : first;
      const bare = target?.kind === 'unary' ? target.operand : target;
      if (bare?.kind === 'member' && !(second && isFalse(second))) members.push(bare.member);
    }
  });
  return members;
}

function isFalse(value: Expression): boolean {
  return (
    (value.kind === 'name' && /^(false|NULL)$/.test(value.name)) ||
    (value.kind === 'literal' && /^0[uUlL]*$/.test(value.text))
  );
}
