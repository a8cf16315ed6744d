// Which ops tables get to an attach, and by which call path?

import { type CallExpression, type Expression, lowerInitialiser, stripCasts } from '../../c/index.js';
import { type Codebase, type FunctionRef, functionKey, type Origin, originsOf } from '../../program/index.js';
import { returnedValues } from '../calls/returned-values.js';
import type { AttachPath, AttachSite, CallFrame } from '../model/attachment.js';
import type { NotAnalysed } from '../places.js';
import type { OpsTable } from '../tables/ops-table.js';
import { attachArgument } from './attach-argument.js';

/** Why more ops may get to an attach than were found. */
export interface AttachProblem extends NotAnalysed {
  /** The function that attaches. */
  readonly api: string;
}

/** A search passes through this many functions at most. */
const deepestChain = 8;

/**
 * Follows the ops argument of every dynamic attach back to the tables that it can be.
 * @param tables the importer ops tables of the tree
 * @returns the call paths found, and for each site the reasons for which more may exist
 */
export function findAttachPaths(
  codebase: Codebase,
  sites: readonly AttachSite[],
  tables: readonly OpsTable[],
): { readonly attachPaths: readonly AttachPath[]; readonly problems: readonly AttachProblem[] } {
  const attachPaths: AttachPath[] = [];
  const problems: AttachProblem[] = [];
  for (const site of sites) {
    const first: CallFrame = { ref: site.ref, at: site.call.at };
    const value = attachArgument(site, 'ops');
    if (site.isStatic || !value) {
      attachPaths.push({ site, table: null, frames: [first] });
      continue;
    }
    const search: OpsSearch = { codebase, site, tables, found: [], unknown: new Set(), seen: new Set() };
    followValue(search, value, [first], site.ref);
    attachPaths.push(...search.found);
    for (const reason of search.unknown)
      problems.push({
        api: site.api,
        file: site.place.file,
        line: site.place.line,
        function: site.place.function,
        reason,
      });
  }
  return { attachPaths, problems };
}

/** The search for the tables of one attach site, and what it has found so far. */
interface OpsSearch {
  readonly codebase: Codebase;
  readonly site: AttachSite;
  readonly tables: readonly OpsTable[];
  readonly found: AttachPath[];
  /** Why more tables may get there. */
  readonly unknown: Set<string>;
  /** The functions whose results were followed, by key. */
  readonly seen: Set<string>;
}

/** Follows a value of a function; `frames` leads from the attach to the function that decides the value. */
function followValue(search: OpsSearch, value: Expression, frames: readonly CallFrame[], ref: FunctionRef): void {
  for (const origin of originsOf(search.codebase.program.lower(ref), value)) followOrigin(search, ref, origin, frames);
}

function followOrigin(search: OpsSearch, ref: FunctionRef, origin: Origin, frames: readonly CallFrame[]): void {
  switch (origin.kind) {
    case 'null':
      add(search, null, frames);
      break;
    case 'address':
    case 'variable': {
      const tables = tablesNamed(search, ref, origin.name, origin.path);
      for (const table of tables) add(search, table, frames);
      if (tables.length > 0) break;
      if (origin.path.length === 0 && followGlobalPointer(search, ref, origin.name, frames)) break;
      followField(search, ref, origin.path.at(-1) ?? origin.name, frames);
      break;
    }
    case 'parameter':
      if (origin.path.length > 0) followField(search, ref, origin.path.at(-1) ?? '', frames);
      else followCallers(search, ref, origin.index, frames);
      break;
    case 'call':
      if (origin.path.length > 0) followField(search, ref, origin.path.at(-1) ?? '', frames);
      else followResult(search, ref, origin.call, frames);
      break;
    case 'unknown':
      if (origin.path.length > 0) followField(search, ref, origin.path.at(-1) ?? '', frames);
      else search.unknown.add('its ops come from an expression that cannot be followed');
  }
}

function add({ site, found }: OpsSearch, table: OpsTable | null, frames: readonly CallFrame[]): void {
  if (!found.some((path) => path.table === table && sameFrames(path.frames, frames)))
    found.push({ site, table, frames });
}

function sameFrames(left: readonly CallFrame[], right: readonly CallFrame[]): boolean {
  return (
    left.length === right.length &&
    left.every((frame, index) => frame.at === right[index]?.at && frame.ref.path === right[index]?.ref.path)
  );
}

/** Ops that a function returns. */
function followResult(search: OpsSearch, ref: FunctionRef, call: CallExpression, frames: readonly CallFrame[]): void {
  const callee = stripCasts(call.callee);
  const target = callee.kind === 'name' ? search.codebase.definitions.find(callee.name, ref.path) : undefined;
  if (!target || search.seen.has(functionKey(target))) {
    search.unknown.add('its ops come from a call that cannot be followed');
    return;
  }
  search.seen.add(functionKey(target));
  for (const value of returnedValues(search.codebase.program.lower(target))) followValue(search, value, frames, target);
}

/** The tables that a name denotes in a function. */
function tablesNamed(search: OpsSearch, ref: FunctionRef, name: string, path: readonly string[]): readonly OpsTable[] {
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

/** Ops behind a pointer at file level: `static const struct dma_buf_attach_ops *ops = &x;`. */
function followGlobalPointer(search: OpsSearch, ref: FunctionRef, name: string, frames: readonly CallFrame[]): boolean {
  for (const path of search.codebase.program.translationUnit(ref.path)) {
    const file = search.codebase.program.file(path);
    const variable = file?.unit.variables.find(
      (entry) => entry.name === name && entry.pointer && entry.valueAt !== null,
    );
    const value = file && variable ? lowerInitialiser(file, variable, search.codebase.program.attributes) : undefined;
    if (!value) continue;
    followValue(search, value, frames, ref);
    return true;
  }
  return false;
}

/** Ops that the callers of a function pass. */
function followCallers(search: OpsSearch, ref: FunctionRef, index: number, frames: readonly CallFrame[]): void {
  if (
    frames.length > deepestChain ||
    frames.slice(1, -1).some((frame) => functionKey(frame.ref) === functionKey(ref))
  ) {
    search.unknown.add(`its ops are passed through more than ${deepestChain} functions, or in a cycle`);
    return;
  }
  const callers = search.codebase.references.callersOf(ref);
  if (callers.length === 0)
    search.unknown.add(`its ops are a parameter of ${ref.outline.name}(), and no call of it was found`);
  for (const { caller, call } of callers) {
    const value = call.arguments[index];
    if (value) followValue(search, value, [...frames, { ref: caller, at: call.at }], caller);
  }
}

/** Ops in a struct field: every table that the module stores into a field of that name. */
function followField(search: OpsSearch, ref: FunctionRef, field: string, frames: readonly CallFrame[]): void {
  const module = new Set(search.codebase.definitions.module(ref.path));
  const pattern = new RegExp(`\\b${field}\\s*=\\s*&\\s*(\\w+)((?:\\s*\\.\\s*\\w+)*)`, 'g');
  let isStored = false;
  for (const path of search.codebase.program.candidates) {
    if (!module.has(path)) continue;
    for (const match of search.codebase.program.file(path)?.code.matchAll(pattern) ?? []) {
      const members = (match[2] ?? '')
        .split('.')
        .map((word) => word.trim())
        .filter((word) => word !== '');
      for (const table of tablesNamed(search, { path, outline: ref.outline }, match[1] ?? '', members)) {
        isStored = true;
        add(search, table, frames);
      }
    }
  }
  if (!isStored)
    search.unknown.add(`its ops come from field '${field}', and no assignment to it was found in the module`);
}
