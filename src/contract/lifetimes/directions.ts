// Which mappings can an unmap end, and with which directions?

import { type Expression, stripCasts, visitExpressions } from '../../c/index.js';
import { directionNames, errorConversions, isZeroLiteral, parameterIndex, zeroDirection } from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { returnedValues } from '../calls/returned-values.js';
import type { AttachmentUse } from '../model/attachment.js';
import type { Direction, Mapping, Unmapping } from '../model/lifetimes.js';
import { createStructFields, type StructFields } from '../tables/struct-fields.js';
import { mappedOtherwise } from './module-directions.js';

/** The search follows a table through this many functions at most. */
const deepestTrace = 4;
/** A direction is followed through this many members and functions. */
const deepestDirection = 2;

/**
 * Finds the unmaps whose direction is known, each with the mappings that its table can hold. The search follows tables
 * through local variables, struct members, callers and results.
 */
export function findUnmappings(codebase: Codebase, uses: readonly AttachmentUse[]): readonly Unmapping[] {
  const fields = createStructFields(codebase);
  const maps = uses
    .filter((use) => use.kind === 'map')
    .map((use) => mappingOf({ codebase, fields, open: new Set() }, use));
  const mapAt = new Map(maps.map((map) => [`${map.use.ref.path}:${map.use.call.at}`, map]));
  return uses.flatMap((use): Unmapping[] => {
    const table = use.call.arguments[parameterIndex('unmap', 'table')];
    if (use.kind !== 'unmap' || !table) return [];
    const direction = directionOf(
      { codebase, fields: null, open: new Set() },
      use,
      parameterIndex('unmap', 'direction'),
    );
    if (direction.constants === null) return [];
    const found: MappingSearch = { codebase, fields, mapAt, mappings: new Set(), seen: new Set(), isComplete: true };
    follow(found, use.ref, table, deepestTrace);
    const { isComplete } = found;
    const inModule = isComplete ? [] : mappedOtherwise(codebase, { use, direction }, maps);
    return [{ use, direction, mappings: [...found.mappings], isComplete, inModule }];
  });
}

/** A mapping, whose direction is looked for when an unmap asks: to follow a member reads all files of a module that name it. */
function mappingOf(search: DirectionSearch, use: AttachmentUse): Mapping {
  let direction: Direction | undefined;
  return {
    use,
    get direction() {
      direction ??= directionOf(search, use, parameterIndex('map', 'direction'));
      return direction;
    },
  };
}

/** The search for the constants that a direction can be. */
interface DirectionSearch {
  readonly codebase: Codebase;
  /** To follow members and results of functions with; null where only variables and what callers pass count. */
  readonly fields: StructFields | null;
  /** The variables on the way, by function: one may be given back to itself. */
  readonly open: ReadonlySet<string>;
}

function directionOf(search: DirectionSearch, use: AttachmentUse, index: number): Direction {
  const value = use.call.arguments[index];
  return { constants: value ? constantsOf(search, use.ref, value, deepestDirection) : null };
}

/** The constants that a value can be; null where the code does not show all of them. */
function constantsOf(
  search: DirectionSearch,
  ref: FunctionRef,
  value: Expression,
  depth: number,
): readonly string[] | null {
  const { codebase, fields } = search;
  const bare = stripCasts(value);
  if (bare.kind === 'name') {
    if (directionNames.includes(bare.name)) return [bare.name];
    const unit = codebase.program.lower(ref);
    const { values, locals } = assignmentsOf(unit);
    const given = values.get(bare.name) ?? [];
    const parameter = unit.parameters.findIndex((one) => one.name === bare.name);
    if (parameter >= 0 && given.length === 0) return constantsPassed(search, ref, parameter, depth);
    if (!locals.has(bare.name) || given.length === 0 || isAddressTaken(codebase, ref, bare.name)) return null;
    const key = `${functionKey(ref)}:${bare.name}`;
    if (search.open.has(key)) return null;
    const inner = { ...search, open: new Set([...search.open, key]) };
    return union(given.map((each) => constantsOf(inner, ref, each, depth)));
  }
  if (bare.kind === 'conditional' && bare.then)
    return union([constantsOf(search, ref, bare.then, depth), constantsOf(search, ref, bare.otherwise, depth)]);
  if (!fields || depth === 0) return null;
  if (bare.kind === 'member') {
    const member = fields.memberOf(ref, bare);
    const stores = member && fields.storesTo(member, ref.path);
    if (!stores?.isComplete || stores.values.length === 0) return null;
    // Memory may be zeroed, and its direction never set.
    return union([
      [zeroDirection],
      ...stores.values.map((store) => constantsOf(search, store.ref, store.value, depth - 1)),
    ]);
  }
  if (bare.kind !== 'call' || bare.callee.kind !== 'name') return null;
  const target = codebase.definitions.findNear(bare.callee.name, ref.path);
  const returned = target ? returnedValues(codebase.program.lower(target)) : [];
  return target && returned.length > 0
    ? union(returned.map((each) => constantsOf(search, target, each, depth - 1)))
    : null;
}

/** The constants that all callers pass as a parameter; null where not all of them are seen. */
function constantsPassed(
  search: DirectionSearch,
  ref: FunctionRef,
  index: number,
  depth: number,
): readonly string[] | null {
  const { references } = search.codebase;
  if (depth === 0) return null;
  if (!references.isScopeKnown(ref) || references.slotsOf(ref).length > 0) return null;
  const callers = references.callersOf(ref);
  if (callers.length === 0) return null;
  return union(
    callers.map(({ caller, call }) => {
      const value = call.arguments[index];
      return value ? constantsOf(search, caller, value, depth - 1) : null;
    }),
  );
}

function union(sets: readonly (readonly string[] | null)[]): readonly string[] | null {
  return sets.some((set) => set === null) ? null : [...new Set(sets.flatMap((set) => set ?? []))];
}

function isAddressTaken(codebase: Codebase, ref: FunctionRef, name: string): boolean {
  let taken = false;
  visitExpressions(codebase.program.lower(ref).body, (expression) => {
    if (expression.kind !== 'unary' || expression.operator !== '&') return;
    const operand = expression.operand;
    if (operand.kind === 'name' && operand.name === name) taken = true;
  });
  return taken;
}

/** The search for the mappings of one table, and what it has found so far. */
interface MappingSearch {
  readonly codebase: Codebase;
  readonly fields: StructFields;
  readonly mapAt: ReadonlyMap<string, Mapping>;
  readonly mappings: Set<Mapping>;
  /** The variables, members and functions followed so far, by key. */
  readonly seen: Set<string>;
  /** False once something could not be followed. */
  isComplete: boolean;
}

/** Collects the mappings that a value can hold. */
function follow(search: MappingSearch, ref: FunctionRef, value: Expression, depth: number): void {
  switch (value.kind) {
    case 'name':
      followName(search, ref, value.name, depth);
      break;
    case 'member':
    case 'index':
      followMember(search, ref, value, depth);
      break;
    case 'cast':
      follow(search, ref, value.operand, depth);
      break;
    case 'assignment':
      follow(search, ref, value.value, depth);
      break;
    case 'conditional':
      for (const arm of [value.then ?? value.test, value.otherwise]) follow(search, ref, arm, depth);
      break;
    case 'call':
      followCall(search, ref, value, depth);
      break;
    case 'literal':
      if (!isZeroLiteral(value)) search.isComplete = false;
      break;
    default:
      search.isComplete = false;
  }
}

function followName(search: MappingSearch, ref: FunctionRef, name: string, depth: number): void {
  const { codebase } = search;
  if (name === 'NULL' || !enter(search, `${functionKey(ref)}:${name}`)) return;
  const unit = codebase.program.lower(ref);
  const { values, locals } = assignmentsOf(unit);
  const given = values.get(name) ?? [];
  const parameter = unit.parameters.findIndex((entry) => entry.name === name);
  if (isAddressTaken(codebase, ref, name) || (parameter < 0 && !(locals.has(name) && given.length > 0))) {
    search.isComplete = false;
    return;
  }
  for (const each of given) follow(search, ref, each, depth);
  if (parameter >= 0) followCallers(search, ref, parameter, depth);
}

/** Follows a parameter to the callers. They are all known only for a static function whose address nothing takes. */
function followCallers(search: MappingSearch, ref: FunctionRef, index: number, depth: number): void {
  const { references } = search.codebase;
  const callers = references.callersOf(ref);
  const named = references.of(ref.outline.name, references.scope(ref)).filter((reference) => reference.inside);
  const isClosed = ref.outline.isStatic && references.slotsOf(ref).length === 0 && named.every(({ isCall }) => isCall);
  if (depth === 0 || !isClosed || callers.length === 0) search.isComplete = false;
  if (depth === 0) return;
  for (const { caller, call } of callers) {
    const value = call.arguments[index];
    if (value) follow(search, caller, value, depth - 1);
    else search.isComplete = false;
  }
}

function followMember(search: MappingSearch, ref: FunctionRef, value: Expression, depth: number): void {
  const member = search.fields.memberOf(ref, value);
  if (!member || depth === 0) {
    search.isComplete = false;
    return;
  }
  if (!enter(search, `${member.tag}.${member.member}`)) return;
  const stores = search.fields.storesTo(member, ref.path);
  if (!stores.isComplete) search.isComplete = false;
  for (const store of stores.values) follow(search, store.ref, store.value, depth - 1);
}

function followCall(
  search: MappingSearch,
  ref: FunctionRef,
  call: Extract<Expression, { kind: 'call' }>,
  depth: number,
): void {
  const mapping = search.mapAt.get(`${ref.path}:${call.at}`);
  if (mapping) {
    search.mappings.add(mapping);
    return;
  }
  const callee = stripCasts(call.callee);
  if (callee.kind === 'name' && errorConversions.get(callee.name)?.to === 'pointer') return;
  const target = callee.kind === 'name' ? search.codebase.definitions.findNear(callee.name, ref.path) : undefined;
  if (!target || depth === 0) {
    search.isComplete = false;
    return;
  }
  if (!enter(search, functionKey(target))) return;
  for (const value of returnedValues(search.codebase.program.lower(target))) follow(search, target, value, depth - 1);
}

function enter(search: MappingSearch, key: string): boolean {
  if (search.seen.has(key)) return false;
  search.seen.add(key);
  return true;
}
