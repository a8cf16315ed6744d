// To which functions may control pass from a function: by calls, through slots, as queued work, as function arguments?

import {
  type CallExpression,
  type CallInBody,
  callsIn,
  type Expression,
  type FunctionOutline,
  type FunctionUnit,
  lvalueText,
} from '../../c/index.js';
import {
  blockingFunctions,
  dmaBufCore,
  isHarmless,
  isLibraryLeaf,
  queueingFunctions,
  workDeclarations,
  workInitialisers,
} from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { calledNames } from './called-names.js';

/** An edge of the call graph to a known function. */
export interface TargetEdge {
  readonly kind: 'target';
  readonly at: number;
  /** What the calling function does there, for a trace. */
  readonly message: string;
  readonly target: FunctionRef;
  /** The slot through which the call goes, or null. */
  readonly slot: string | null;
  /** The call that leads to the target, or that passes the target on. */
  readonly call: CallExpression;
  /** For each parameter of the target: the expressions that its value may be made from. */
  readonly passed: readonly (readonly Expression[])[];
}

/** An edge of the call graph, as a callback is followed. */
export type CallEdge =
  | TargetEdge
  /** The code called is not known; `through` names what leads there. */
  | { readonly kind: 'opaque'; readonly at: number; readonly message: string; readonly through: string }
  /** The function called stops access to the memory; `how` names it and says what it does. */
  | { readonly kind: 'blocks-access'; readonly at: number; readonly message: string; readonly how: string };

/**
 * Returns the edges from a function, in the order of its code.
 * @param module the files in which slots are looked up
 */
export function callEdgesFrom(codebase: Codebase, ref: FunctionRef, module: ReadonlySet<string>): readonly CallEdge[] {
  const unit = codebase.program.lower(ref);
  const unparsed = unit.unparsed.map(({ at }) => opaque(at, 'this cannot be parsed', 'code that cannot be parsed'));
  const edges = callsIn(unit.body).flatMap(({ call, name, slot }) => {
    if (slot !== null) return slotEdges(codebase, ref, { call, slot }, module);
    if (name === null) return [opaque(call.at, 'calls through a pointer', 'a function pointer')];
    return namedEdges(codebase, unit, { name, at: call.at, call, isDirect: true }, deepestMacro);
  });
  return [...unparsed, ...edges];
}

function opaque(at: number, message: string, through: string): CallEdge {
  return { kind: 'opaque', at, message, through };
}

function slotEdges(
  codebase: Codebase,
  ref: FunctionRef,
  { call, slot }: { readonly call: CallExpression; readonly slot: NonNullable<CallInBody['slot']> },
  module: ReadonlySet<string>,
): readonly CallEdge[] {
  const { at } = call;
  // Other structs have slots of the same name; the number of arguments tells most of them apart.
  const targets = slotTargets(codebase, slot, module, ref.path).filter(({ outline }) => takes(outline, call));
  if (targets.length === 0) return [opaque(at, `calls ->${slot}`, `the function pointer ->${slot}`)];
  const passed = call.arguments.map((argument) => [argument]);
  return targets.map((target) => ({
    kind: 'target',
    at,
    message: `calls ->${slot}, which is ${target.outline.name}()`,
    target,
    slot,
    call,
    passed,
  }));
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
  /** Whether the code calls it here, and not a macro called here: only then are the arguments those of the call. */
  readonly isDirect: boolean;
}

function namedEdges(codebase: Codebase, unit: FunctionUnit, named: NamedCall, depth: number): readonly CallEdge[] {
  const { name, at, call, isDirect } = named;
  const blocks = blockingFunctions.get(name);
  if (blocks) return [{ kind: 'blocks-access', at, message: `${name}() ${blocks}`, how: `${name}() ${blocks}` }];
  if (queueingFunctions.has(name)) return workEdges(codebase, unit, named);
  if (isHarmless(name) || isLibraryLeaf(name)) return [];
  const target = codebase.definitions.find(name, unit.path);
  if (target && isCore(target.path)) return argumentEdges(codebase, unit, named);
  if (target) {
    const passed = target.outline.parameters.map((_, index) =>
      isDirect ? call.arguments.slice(index, index + 1) : call.arguments,
    );
    const message = `calls ${target.outline.name}()`;
    return [{ kind: 'target', at, message, target, slot: null, call, passed }];
  }
  if (isVariable(unit, name)) return [opaque(at, `calls through ${name}`, `the function pointer ${name}`)];
  const macro = depth > 0 ? codebase.definitions.macro(name, unit.path) : undefined;
  if (macro === undefined)
    return [
      ...argumentEdges(codebase, unit, named),
      opaque(at, `calls ${name}()`, `${name}(), whose source was not found`),
    ];
  return calledNames(macro).flatMap((inner) =>
    inner === name ? [] : namedEdges(codebase, unit, { ...named, name: inner, isDirect: false }, depth - 1),
  );
}

function isVariable(unit: FunctionUnit, name: string): boolean {
  return unit.parameters.some((parameter) => parameter.name === name) || assignmentsOf(unit).locals.has(name);
}

function workEdges(
  codebase: Codebase,
  unit: FunctionUnit,
  { name, at, call, isDirect }: NamedCall,
): readonly CallEdge[] {
  const work = isDirect ? call.arguments[queueingFunctions.get(name) ?? 0] : undefined;
  const targets = work ? workTargets(codebase, unit.path, work) : [];
  if (!work || targets.length === 0)
    return [opaque(at, `queues work with ${name}()`, `the work that ${name}() queues`)];
  return targets.map((target) => ({
    kind: 'target',
    at,
    message: `queues ${target.outline.name}() with ${name}()`,
    target,
    slot: null,
    call,
    passed: [[work]],
  }));
}

/** Edges to functions in the arguments of a call that is not followed, which may call them: `kref_put(&buf->kref, buf_release)`. */
function argumentEdges(codebase: Codebase, unit: FunctionUnit, { name, at, call }: NamedCall): readonly CallEdge[] {
  return call.arguments.flatMap((argument): CallEdge[] => {
    if (argument.kind !== 'name' || isVariable(unit, argument.name) || /^[A-Z0-9_]+$/.test(argument.name)) return [];
    const target = codebase.definitions.find(argument.name, unit.path);
    if (!target) return [];
    const passed = target.outline.parameters.map(() => call.arguments);
    const message = `hands ${target.outline.name}() to ${name}()`;
    return [{ kind: 'target', at, message, target, slot: null, call, passed }];
  });
}

/** The core kernel and the dma-buf core do not call back into a driver on behalf of an importer. */
function isCore(path: string): boolean {
  return (
    path === dmaBufCore ||
    /^(kernel|lib|mm|arch|fs|block|init|ipc|security|crypto|include\/(?:linux|asm-generic))\//.test(path)
  );
}

/** The functions that the files of a module, or the calling file, store into a slot of this name. */
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

/** The functions that a work item runs: `INIT_WORK(&x->work, f)` in the same module, matched by the name of the field. */
function workTargets(codebase: Codebase, from: string, work: Expression): readonly FunctionRef[] {
  const item = work.kind === 'unary' && work.operator === '&' ? work.operand : work;
  const field = /(\w+)$/.exec(lvalueText(item) ?? '')?.[1];
  if (!field) return [];
  const module = new Set(codebase.definitions.module(from));
  const pattern = new RegExp(
    `\\b(?:${workInitialisers.join('|')})\\s*\\(\\s*&?[^,;]*?\\b${field}\\s*,\\s*(\\w+)\\s*\\)|\\b(?:${workDeclarations.join('|')})\\s*\\(\\s*${field}\\s*,\\s*(\\w+)\\s*\\)`,
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
