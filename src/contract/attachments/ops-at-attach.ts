import { type CallExpression, type Expression, lowerInitialiser, stripCasts } from '../../c/index.js';
import { opsArgument } from '../../kernel/api.js';
import { type Codebase, type FunctionRef, functionKey, type Origin, originsOf } from '../../program/index.js';
import { type NotAnalysed, placeOf } from '../places.js';
import type { OpsTable } from '../tables/tables.js';
import { returnedValues } from './attachment-trace.js';
import type { AttachSite } from './attachments.js';

/** A function on the way from an attach to where its ops are named, with the offset of the call or name in it. */
export interface Frame {
  readonly ref: FunctionRef;
  readonly at: number;
}

/** One way for an ops table, or for none, to reach an attach. */
export interface Reach {
  readonly site: AttachSite;
  /** Null for an attachment without ops. */
  readonly table: OpsTable | null;
  /** The attach first, the function that names the ops last. */
  readonly frames: readonly Frame[];
}

const deepestChain = 8;

/** Follows the ops argument of every dynamic attach back to the tables that it can be. */
export function findReaches(
  codebase: Codebase,
  sites: readonly AttachSite[],
  tables: readonly OpsTable[],
): { readonly reaches: readonly Reach[]; readonly problems: readonly NotAnalysed[] } {
  const reaches: Reach[] = [];
  const problems: NotAnalysed[] = [];
  for (const site of sites) {
    const first: Frame = { ref: site.ref, at: site.call.at };
    const value = site.call.arguments[opsArgument];
    if (site.isStatic || !value) {
      reaches.push({ site, table: null, frames: [first] });
      continue;
    }
    const found: Reach[] = [];
    const unknown: string[] = [];
    const search: Search = { codebase, site, tables, found, unknown, seen: new Set() };
    followValue(search, site.ref, value, [first]);
    reaches.push(...found);
    for (const reason of new Set(unknown))
      problems.push({ file: site.place.file, line: site.place.line, function: site.place.function, reason });
  }
  return { reaches, problems };
}

interface Search {
  readonly codebase: Codebase;
  readonly site: AttachSite;
  readonly tables: readonly OpsTable[];
  readonly found: Reach[];
  readonly unknown: string[];
  readonly seen: Set<string>;
}

function followValue(search: Search, ref: FunctionRef, value: Expression, frames: readonly Frame[]): void {
  for (const origin of originsOf(search.codebase.program.lower(ref), value)) followOrigin(search, ref, origin, frames);
}

function followOrigin(search: Search, ref: FunctionRef, origin: Origin, frames: readonly Frame[]): void {
  const add = (table: OpsTable | null): void => {
    if (!search.found.some((reach) => reach.table === table && sameFrames(reach.frames, frames)))
      search.found.push({ site: search.site, table, frames });
  };
  switch (origin.kind) {
    case 'null':
      add(null);
      break;
    case 'address':
    case 'variable': {
      const tables = tablesNamed(search, ref, origin.name, origin.path);
      for (const table of tables) add(table);
      if (tables.length > 0) break;
      if (origin.path.length === 0 && followGlobalPointer(search, ref, origin.name, frames)) break;
      followField(search, ref, origin.path.at(-1) ?? origin.name, add);
      break;
    }
    case 'parameter':
      if (origin.path.length > 0) followField(search, ref, origin.path.at(-1) ?? '', add);
      else followCallers(search, ref, origin.index, frames);
      break;
    case 'call':
      if (origin.path.length > 0) followField(search, ref, origin.path.at(-1) ?? '', add);
      else followResult(search, ref, origin.call, frames);
      break;
    case 'unknown':
      if (origin.path.length > 0) followField(search, ref, origin.path.at(-1) ?? '', add);
      else search.unknown.push('its ops are computed in a way that cannot be followed');
  }
}

/** Ops that a function returns. */
function followResult(search: Search, ref: FunctionRef, call: CallExpression, frames: readonly Frame[]): void {
  const callee = stripCasts(call.callee);
  const target = callee.kind === 'name' ? search.codebase.definitions.find(callee.name, ref.path) : undefined;
  if (!target || !enter(search, target)) {
    search.unknown.push('its ops come from a call that cannot be followed');
    return;
  }
  for (const value of returnedValues(search.codebase.program.lower(target))) followValue(search, target, value, frames);
}

function enter(search: Search, ref: FunctionRef): boolean {
  const key = functionKey(ref);
  if (search.seen.has(key)) return false;
  search.seen.add(key);
  return true;
}

function sameFrames(left: readonly Frame[], right: readonly Frame[]): boolean {
  return (
    left.length === right.length &&
    left.every((frame, index) => frame.at === right[index]?.at && frame.ref.path === right[index]?.ref.path)
  );
}

/** The tables that a name means in a function. */
function tablesNamed(search: Search, ref: FunctionRef, name: string, path: readonly string[]): readonly OpsTable[] {
  const unit = new Set(search.codebase.program.translationUnit(ref.path));
  const named = search.tables.filter((table) => {
    if (table.name.replace(/\[\d+\].*|\..*/, '') !== name || table.memberPath.join('.') !== path.join('.'))
      return false;
    return table.local
      ? functionKey(table.local) === functionKey(ref)
      : unit.has(table.path) || !table.isStatic || table.path.endsWith('.h');
  });
  const local = named.filter((table) => table.local || unit.has(table.path));
  return local.length > 0 ? local : named;
}

/** `static const struct dma_buf_attach_ops *ops = &x;` at file level. */
function followGlobalPointer(search: Search, ref: FunctionRef, name: string, frames: readonly Frame[]): boolean {
  for (const path of search.codebase.program.translationUnit(ref.path)) {
    const file = search.codebase.program.file(path);
    const variable = file?.unit.variables.find(
      (entry) => entry.name === name && entry.pointer && entry.valueAt !== null,
    );
    const value = file && variable ? lowerInitialiser(file, variable, search.codebase.program.attributes) : undefined;
    if (!value) continue;
    followValue(search, ref, value, frames);
    return true;
  }
  return false;
}

function followCallers(search: Search, ref: FunctionRef, index: number, frames: readonly Frame[]): void {
  if (
    frames.length > deepestChain ||
    frames.slice(1, -1).some((frame) => functionKey(frame.ref) === functionKey(ref))
  ) {
    search.unknown.push(`its ops are handed down through more than ${deepestChain} functions, or in a circle`);
    return;
  }
  const callers = search.codebase.references.callersOf(ref);
  if (callers.length === 0)
    search.unknown.push(`its ops are a parameter of ${ref.outline.name}(), and no call of that can be seen`);
  for (const { caller, call } of callers) {
    const value = call.arguments[index];
    if (value) followValue(search, caller, value, [...frames, { ref: caller, at: call.at }]);
  }
}

/** Ops kept in a struct field: every table that the module puts into a field of that name. */
function followField(search: Search, ref: FunctionRef, field: string, add: (table: OpsTable) => void): void {
  const module = new Set(search.codebase.definitions.module(ref.path));
  const pattern = new RegExp(`\\b${field}\\s*=\\s*&\\s*(\\w+)((?:\\s*\\.\\s*\\w+)*)`, 'g');
  let known = false;
  for (const path of search.codebase.program.candidates) {
    if (!module.has(path)) continue;
    for (const match of search.codebase.program.file(path)?.code.matchAll(pattern) ?? []) {
      const inner = (match[2] ?? '')
        .split('.')
        .map((word) => word.trim())
        .filter((word) => word !== '');
      const place: FunctionRef = { path, outline: ref.outline };
      for (const table of tablesNamed(search, place, match[1] ?? '', inner)) {
        known = true;
        add(table);
      }
    }
  }
  if (!known)
    search.unknown.push(`its ops come from field '${field}', and nothing in the module can be seen to set it`);
}

/** Where the attach of a reach is, for messages. */
export function reachPlace(codebase: Codebase, reach: Reach) {
  const frame = reach.frames.at(-1);
  return frame ? placeOf(codebase, frame.ref.path, frame.at, frame.ref) : reach.site.place;
}
