import {
  type CallExpression,
  callsIn,
  type Expression,
  type FunctionOutline,
  type FunctionUnit,
  lvalueText,
} from '../../c/index.js';
import { blockingFunctions, dmaBufCore } from '../../kernel/api.js';
import { assignmentsOf, type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { calledNames, isHarmless, isLibraryLeaf, queueingFunctions, workInitialisers } from './harmless.js';

/** Where control may go from a function. */
export interface Edge {
  readonly at: number;
  readonly message: string;
  readonly target?: FunctionRef;
  /** The slot that the target was found in. */
  readonly slot?: string;
  /** The call that leads there, or hands the target on. */
  readonly call?: CallExpression;
  /** What the target gets: for each of its parameters, the values that it may be made from. */
  readonly handed?: readonly (readonly Expression[])[];
  /** The call leaves what we can see. */
  readonly unknown?: string;
  readonly blocks?: string;
}

/** Where control may go from a function: calls, slots that the module fills, work that it queues, functions handed on. */
export function edgesFrom(codebase: Codebase, ref: FunctionRef, module: ReadonlySet<string>): readonly Edge[] {
  const unit = codebase.program.lower(ref);
  const edges: Edge[] = unit.unparsed.map(({ at }) => ({
    at,
    message: 'this cannot be parsed',
    unknown: 'code that cannot be parsed',
  }));
  for (const { call, name, slot } of callsIn(unit.body)) {
    const at = call.at;
    if (slot !== null) {
      // Other structs have slots of the same name; the number of arguments tells most of them apart.
      const targets = slotTargets(codebase, slot, module, ref.path).filter(({ outline }) => takes(outline, call));
      const handed = call.arguments.map((argument) => [argument]);
      for (const target of targets)
        edges.push({ at, message: `calls ->${slot}, which is ${target.outline.name}()`, target, slot, call, handed });
      if (targets.length === 0)
        edges.push({ at, message: `calls ->${slot}`, unknown: `the function pointer ->${slot}` });
      continue;
    }
    if (name === null) {
      edges.push({ at, message: 'calls through a pointer', unknown: 'a function pointer' });
      continue;
    }
    edges.push(...namedEdges(codebase, unit, { name, at, call, isDirect: true }, deepestMacro));
  }
  return edges;
}

function takes({ parameters }: FunctionOutline, call: CallExpression): boolean {
  const count = parameters.filter(({ type }) => type !== 'void').length;
  return count === call.arguments.length || parameters.some(({ type }) => type.includes('...'));
}

/** Macros that call macros are followed this far. */
const deepestMacro = 3;

interface NamedCall {
  readonly name: string;
  readonly at: number;
  readonly call: CallExpression;
  /** Called here, and not by a macro that is: the arguments are those of the call. */
  readonly isDirect: boolean;
}

function namedEdges(codebase: Codebase, unit: FunctionUnit, named: NamedCall, depth: number): readonly Edge[] {
  const { name, at, call, isDirect } = named;
  const blocks = blockingFunctions.get(name);
  if (blocks) return [{ at, message: `${name}() ${blocks}`, blocks: `${name}() ${blocks}` }];
  if (queueingFunctions.has(name)) return workEdges(codebase, unit, named);
  if (isHarmless(name) || isLibraryLeaf(name)) return [];
  const target = codebase.definitions.find(name, unit.path);
  if (target && isCore(target.path)) return handedOn(codebase, unit, named);
  if (target) {
    const handed = target.outline.parameters.map((_, index) =>
      isDirect ? call.arguments.slice(index, index + 1) : call.arguments,
    );
    return [{ at, message: `calls ${target.outline.name}()`, target, call, handed }];
  }
  if (unit.parameters.some((parameter) => parameter.name === name) || assignmentsOf(unit).locals.has(name))
    return [{ at, message: `calls through ${name}`, unknown: `the function pointer ${name}` }];
  const macro = depth > 0 ? codebase.definitions.macro(name, unit.path) : undefined;
  if (macro === undefined)
    return [
      ...handedOn(codebase, unit, named),
      { at, message: `calls ${name}()`, unknown: `${name}(), which is not to be found` },
    ];
  return calledNames(macro).flatMap((inner) =>
    inner === name ? [] : namedEdges(codebase, unit, { ...named, name: inner, isDirect: false }, depth - 1),
  );
}

function workEdges(codebase: Codebase, unit: FunctionUnit, { name, at, call, isDirect }: NamedCall): readonly Edge[] {
  const work = isDirect ? call.arguments[queueingFunctions.get(name) ?? 0] : undefined;
  const targets = work ? workTargets(codebase, unit.path, work) : [];
  if (!work || targets.length === 0)
    return [{ at, message: `queues work with ${name}()`, unknown: `the work that ${name}() queues` }];
  const handed = [[work]];
  return targets.map((target) => ({
    at,
    message: `queues ${target.outline.name}() with ${name}()`,
    target,
    call,
    handed,
  }));
}

/** Functions handed to one that is not followed, which may call them: `kref_put(&buf->kref, buf_release)`. */
function handedOn(codebase: Codebase, unit: FunctionUnit, { name, at, call }: NamedCall): readonly Edge[] {
  const isOwn = (word: string): boolean =>
    unit.parameters.some((parameter) => parameter.name === word) || assignmentsOf(unit).locals.has(word);
  return call.arguments.flatMap((argument): Edge[] => {
    if (argument.kind !== 'name' || isOwn(argument.name) || /^[A-Z0-9_]+$/.test(argument.name)) return [];
    const target = codebase.definitions.find(argument.name, unit.path);
    if (!target) return [];
    const handed = target.outline.parameters.map(() => call.arguments);
    return [{ at, message: `hands ${target.outline.name}() to ${name}()`, target, call, handed }];
  });
}

/** Core code below the drivers, and the API itself: it calls back into none of them on behalf of an importer. */
function isCore(path: string): boolean {
  return (
    path === dmaBufCore ||
    /^(kernel|lib|mm|arch|fs|block|init|ipc|security|crypto|include\/(?:linux|asm-generic))\//.test(path)
  );
}

/** The functions that a module, or the calling file's own, puts into a slot of this name. */
function slotTargets(
  codebase: Codebase,
  slot: string,
  module: ReadonlySet<string>,
  from: string,
): readonly FunctionRef[] {
  const pattern = new RegExp(
    `\\.\\s*${slot}\\s*=\\s*&?\\s*(\\w+)\\s*[,}\\n]|\\b\\w+\\s*(?:->|\\.)\\s*${slot}\\s*=\\s*&?\\s*(\\w+)\\s*;`,
    'g',
  );
  const found: FunctionRef[] = [];
  const places = codebase.program.candidates.filter((path) => module.has(path) || path === from);
  for (const path of places)
    for (const match of codebase.program.file(path)?.code.matchAll(pattern) ?? []) {
      const target = codebase.definitions.find(match[1] ?? match[2] ?? '', path);
      if (target && !found.some((other) => functionKey(other) === functionKey(target))) found.push(target);
    }
  return found;
}

/** The functions that a work item runs: `INIT_WORK(&x->work, f)` in the same module, by the name of the field. */
function workTargets(codebase: Codebase, from: string, work: Expression): readonly FunctionRef[] {
  const item = work.kind === 'unary' && work.operator === '&' ? work.operand : work;
  const field = /(\w+)$/.exec(lvalueText(item) ?? '')?.[1];
  if (!field) return [];
  const module = new Set(codebase.definitions.module(from));
  const pattern = new RegExp(
    `\\b(?:${workInitialisers.join('|')})\\s*\\(\\s*&?[^,;]*?\\b${field}\\s*,\\s*(\\w+)\\s*\\)|\\bDECLARE_(?:DELAYED_)?WORK\\s*\\(\\s*${field}\\s*,\\s*(\\w+)\\s*\\)`,
    'g',
  );
  const found: FunctionRef[] = [];
  for (const path of codebase.program.mentions) {
    if (!module.has(path) || !codebase.program.peek(path)?.includes(field)) continue;
    for (const match of codebase.program.file(path)?.code.matchAll(pattern) ?? []) {
      const target = codebase.definitions.find(match[1] ?? match[2] ?? '', path);
      if (target) found.push(target);
    }
  }
  return found;
}
