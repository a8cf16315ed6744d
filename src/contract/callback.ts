import {
  callsIn,
  type Expression,
  type FunctionUnit,
  lvalueText,
  visitExpressions,
  visitStatements,
} from '../c/index.js';
import { assignmentsOf, type FunctionRef, folderOf, functionKey, type World } from '../program/index.js';
import { blockingFunctions, unmapFunctions } from './api.js';
import { isHarmless, isLibraryLeaf, isLog, queueingFunctions, workInitialisers } from './harmless.js';
import { stepAt, type TraceStep } from './places.js';
import { findReachers, type Reachers } from './reachers.js';

/** What an importer's callback does. Each verdict has the way that proves it. */
export type CallbackVerdict =
  | { readonly kind: 'absent' }
  /** Provably only logs, asserts or returns. */
  | { readonly kind: 'stub'; readonly only: 'warns' | 'returns'; readonly trace: readonly TraceStep[] }
  | { readonly kind: 'unmaps'; readonly trace: readonly TraceStep[] }
  | { readonly kind: 'blocks-access'; readonly how: string; readonly trace: readonly TraceStep[] }
  /** Everything that it calls can be seen, it is no stub, and no way leads to an unmap. */
  | { readonly kind: 'never-unmaps'; readonly trace: readonly TraceStep[] }
  /** Leaves what we can see, through the call that is named. */
  | { readonly kind: 'opaque'; readonly through: string; readonly trace: readonly TraceStep[] };

/** Functions looked into before a callback is given up as opaque. */
const mostFunctions = 400;

/** Creates the classifier of one tree; what one callback taught is kept for the next. */
export function createCallbackClassifier(world: World): (callback: FunctionRef) => CallbackVerdict {
  const unmappers = new Map<string, Reachers>();
  const unmappersOf = (path: string): Reachers => {
    const folder = folderOf(path);
    let known = unmappers.get(folder);
    if (!known) {
      known = findReachers(world, unmapFunctions, world.definitions.module(path));
      unmappers.set(folder, known);
    }
    return known;
  };
  const answers = new Map<string, CallbackVerdict>();
  return (callback) => {
    const key = functionKey(callback);
    const known = answers.get(key);
    if (known) return known;
    const stub = stubVerdict(world, callback);
    const verdict = stub ?? searchVerdict(world, callback, unmappersOf);
    answers.set(key, verdict);
    return verdict;
  };
}

function stubVerdict(world: World, callback: FunctionRef): CallbackVerdict | undefined {
  if (!doesNothing(world, callback, new Set(), 4)) return undefined;
  const unit = world.program.lower(callback);
  const log = callsIn(unit.body).find(({ name }) => name !== null && isLog(name));
  const trace = [
    stepAt(
      world,
      callback.path,
      callback.outline.nameAt,
      `${callback.outline.name}() ${log ? 'only warns' : 'only returns'}`,
    ),
  ];
  return { kind: 'stub', only: log ? 'warns' : 'returns', trace };
}

/** Whether a function provably changes nothing but its own variables: it logs, asserts, reads and returns. */
function doesNothing(world: World, ref: FunctionRef, seen: Set<string>, depth: number): boolean {
  if (seen.has(functionKey(ref))) return true;
  seen.add(functionKey(ref));
  const unit = world.program.lower(ref);
  if (unit.unparsed.length > 0) return false;
  let nothing = true;
  const { locals } = assignmentsOf(unit);
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'unparsed') nothing = false;
    if (statement.kind === 'declaration' && statement.cleanup !== null) nothing = false;
    if (statement.kind === 'macro-block' && /guard|lock/i.test(statement.macro)) nothing = false;
  });
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'assignment' || expression.kind === 'update') {
      const target = lvalueText(expression.kind === 'assignment' ? expression.target : expression.operand);
      if (target === null || !(locals.has(target) || unit.parameters.some((parameter) => parameter.name === target)))
        nothing = false;
    }
    if (expression.kind === 'unparsed') nothing = false;
  });
  return (
    nothing &&
    callsIn(unit.body).every((call) => call.name !== null && isHarmlessCall(world, call.name, unit, seen, depth))
  );
}

function isHarmlessCall(world: World, name: string, unit: FunctionUnit, seen: Set<string>, depth: number): boolean {
  if (isHarmless(name)) return true;
  if (isLibraryLeaf(name) || depth === 0) return false;
  const target = world.definitions.find(name, unit.path);
  if (target) return doesNothing(world, target, seen, depth - 1);
  const macro = world.definitions.macro(name, unit.path);
  return (
    macro !== undefined &&
    !macro.includes('=') &&
    calledNames(macro).every((inner) => inner !== name && isHarmlessCall(world, inner, unit, seen, depth - 1))
  );
}

function calledNames(text: string): readonly string[] {
  return [...text.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => !/^(sizeof|typeof|if|while|for|do)$/.test(name));
}

/** One function on the way from the callback, with the step that led to it. */
interface Visit {
  readonly ref: FunctionRef;
  readonly trace: readonly TraceStep[];
}

/** Follows calls, nearest first, until one reaches an unmap, or nothing is left to follow. */
function searchVerdict(world: World, callback: FunctionRef, unmappersOf: (path: string) => Reachers): CallbackVerdict {
  const start = stepAt(world, callback.path, callback.outline.nameAt, `the callback is ${callback.outline.name}()`);
  const queue: Visit[] = [{ ref: callback, trace: [start] }];
  const seen = new Set([functionKey(callback)]);
  const module = new Set(world.definitions.module(callback.path));
  let leaves: { readonly through: string; readonly trace: readonly TraceStep[] } | undefined;
  let blocks: Extract<CallbackVerdict, { kind: 'blocks-access' }> | undefined;
  let looked = 0;
  for (let visit = queue.shift(); visit; visit = queue.shift()) {
    const way = unmappersOf(visit.ref.path)(visit.ref);
    if (way) return { kind: 'unmaps', trace: [...visit.trace, ...way] };
    if (++looked > mostFunctions) {
      leaves = { through: `more than ${mostFunctions} functions`, trace: visit.trace };
      break;
    }
    const { ref, trace } = visit;
    for (const edge of edgesFrom(world, ref, module)) {
      const step = stepAt(world, ref.path, edge.at, edge.message);
      if (edge.blocks) blocks ??= { kind: 'blocks-access', how: edge.blocks, trace: [...trace, step] };
      if (edge.unknown) leaves ??= { through: edge.unknown, trace: [...trace, step] };
      if (edge.target && !seen.has(functionKey(edge.target))) {
        seen.add(functionKey(edge.target));
        queue.push({ ref: edge.target, trace: [...trace, step] });
      }
    }
  }
  if (blocks) return blocks;
  if (leaves) return { kind: 'opaque', ...leaves };
  return { kind: 'never-unmaps', trace: [start] };
}

interface Edge {
  readonly at: number;
  readonly message: string;
  readonly target?: FunctionRef;
  /** The call leaves what we can see. */
  readonly unknown?: string;
  readonly blocks?: string;
}

/** Where control may go from a function: calls, slots that the module fills, and work that it queues. */
function edgesFrom(world: World, ref: FunctionRef, module: ReadonlySet<string>): readonly Edge[] {
  const unit = world.program.lower(ref);
  const edges: Edge[] = unit.unparsed.map(({ at }) => ({
    at,
    message: 'this cannot be parsed',
    unknown: 'code that cannot be parsed',
  }));
  for (const { call, name, slot } of callsIn(unit.body)) {
    const at = call.at;
    if (slot !== null) {
      const targets = slotTargets(world, slot, module, ref.path);
      for (const target of targets)
        edges.push({ at, message: `calls ->${slot}, which is ${target.outline.name}()`, target });
      if (targets.length === 0)
        edges.push({ at, message: `calls ->${slot}`, unknown: `the function pointer ->${slot}` });
      continue;
    }
    if (name === null) {
      edges.push({ at, message: 'calls through a pointer', unknown: 'a function pointer' });
      continue;
    }
    edges.push(
      ...namedEdges(world, unit, { name, at, work: call.arguments[queueingFunctions.get(name) ?? 0] }, deepestMacro),
    );
  }
  return edges;
}

/** Macros that call macros are followed this far. */
const deepestMacro = 3;

interface NamedCall {
  readonly name: string;
  readonly at: number;
  /** The argument that is the work item, where the function queues one. */
  readonly work: Expression | undefined;
}

function namedEdges(world: World, unit: FunctionUnit, { name, at, work }: NamedCall, depth: number): readonly Edge[] {
  const blocks = blockingFunctions.get(name);
  if (blocks) return [{ at, message: `${name}() ${blocks}`, blocks: `${name}() ${blocks}` }];
  if (queueingFunctions.has(name)) {
    const targets = work ? workTargets(world, unit.path, work) : [];
    if (targets.length === 0)
      return [{ at, message: `queues work with ${name}()`, unknown: `the work that ${name}() queues` }];
    return targets.map((target) => ({ at, message: `queues ${target.outline.name}() with ${name}()`, target }));
  }
  if (isHarmless(name) || isLibraryLeaf(name)) return [];
  const target = world.definitions.find(name, unit.path);
  if (target) return isCore(target.path) ? [] : [{ at, message: `calls ${target.outline.name}()`, target }];
  if (unit.parameters.some((parameter) => parameter.name === name) || assignmentsOf(unit).locals.has(name))
    return [{ at, message: `calls through ${name}`, unknown: `the function pointer ${name}` }];
  const macro = depth > 0 ? world.definitions.macro(name, unit.path) : undefined;
  if (macro === undefined) return [{ at, message: `calls ${name}()`, unknown: `${name}(), which is not to be found` }];
  return calledNames(macro).flatMap((inner) =>
    inner === name ? [] : namedEdges(world, unit, { name: inner, at, work: undefined }, depth - 1),
  );
}

/** Core code below the drivers: it calls back into none of them on behalf of an importer. */
function isCore(path: string): boolean {
  return /^(kernel|lib|mm|arch|fs|block|init|ipc|security|crypto|include\/(?:linux|asm-generic))\//.test(path);
}

/** The functions that a module, or the calling file's own, puts into a slot of this name. */
function slotTargets(world: World, slot: string, module: ReadonlySet<string>, from: string): readonly FunctionRef[] {
  const pattern = new RegExp(
    `\\.\\s*${slot}\\s*=\\s*&?\\s*(\\w+)\\s*[,}\\n]|\\b\\w+\\s*(?:->|\\.)\\s*${slot}\\s*=\\s*&?\\s*(\\w+)\\s*;`,
    'g',
  );
  const found: FunctionRef[] = [];
  const places = world.program.candidates.filter((path) => module.has(path) || path === from);
  for (const path of places)
    for (const match of world.program.file(path)?.code.matchAll(pattern) ?? []) {
      const target = world.definitions.find(match[1] ?? match[2] ?? '', path);
      if (target && !found.some((other) => functionKey(other) === functionKey(target))) found.push(target);
    }
  return found;
}

/** The functions that a work item runs: `INIT_WORK(&x->work, f)` in the same module, by the name of the field. */
function workTargets(world: World, from: string, work: Expression): readonly FunctionRef[] {
  const item = work.kind === 'unary' && work.operator === '&' ? work.operand : work;
  const field = /(\w+)$/.exec(lvalueText(item) ?? '')?.[1];
  if (!field) return [];
  const module = new Set(world.definitions.module(from));
  const pattern = new RegExp(
    `\\b(?:${workInitialisers.join('|')})\\s*\\(\\s*&?[^,;]*?\\b${field}\\s*,\\s*(\\w+)\\s*\\)|\\bDECLARE_(?:DELAYED_)?WORK\\s*\\(\\s*${field}\\s*,\\s*(\\w+)\\s*\\)`,
    'g',
  );
  const found: FunctionRef[] = [];
  for (const path of world.program.mentions) {
    if (!module.has(path) || !world.program.peek(path)?.includes(field)) continue;
    for (const match of world.program.file(path)?.code.matchAll(pattern) ?? []) {
      const target = world.definitions.find(match[1] ?? match[2] ?? '', path);
      if (target) found.push(target);
    }
  }
  return found;
}
