import {
  type CallExpression,
  type Expression,
  type FunctionUnit,
  stripCasts,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import {
  bufferFile,
  isBorrower,
  isConversion,
  isErrorMacro,
  isLog,
  isLookup,
  isSize,
  transparentArgument,
} from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction } from '../../program/index.js';

/** Through how many callees the effects of a function are read. */
const deepest = 2;

/** What a function reads and writes besides its own variables: members and file-level variables, by name. */
export interface ReadsAndWrites {
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
  /** The positions of the parameters that it compares with something, from 0. */
  readonly compared: ReadonlySet<number>;
}

/** The name that stands for what is behind a pointer: `*p`. */
const behindPointer = '*';

/** Reads what a function reads and writes; null where it calls what is not known. */
export function readsAndWritesOf(codebase: Codebase, ref: FunctionRef, depth = deepest): ReadsAndWrites | null {
  return memoByFunction(codebase, ref, `reads and writes\0${depth}`, () => {
    const unit = codebase.program.lower(ref);
    return unit.unparsed.length > 0 ? null : readBody(codebase, ref, unit, depth);
  });
}

function readBody(codebase: Codebase, ref: FunctionRef, unit: FunctionUnit, depth: number): ReadsAndWrites | null {
  const own = ownVariables(unit);
  const reads = new Set<string>();
  const writes = new Set<string>();
  const compared = new Set<number>();
  let isKnown = true;
  const write = (target: Expression): void => {
    if (target.kind === 'name' && own.has(target.name)) return;
    const name = placeName(target);
    if (name === null) isKnown = false;
    else writes.add(name);
  };
  const compare = (side: Expression): void => {
    const buffer = toldBy(side);
    const index = unit.parameters.findIndex(({ name }) => buffer.kind === 'name' && buffer.name === name);
    if (index >= 0) compared.add(index);
  };
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'assignment') write(expression.target);
    else if (expression.kind === 'update') write(expression.operand);
    else if (expression.kind === 'member') reads.add(expression.member);
    else if (expression.kind === 'unary' && expression.operator === '*') reads.add(behindPointer);
    else if (expression.kind === 'name' && !own.has(expression.name)) reads.add(expression.name);
    else if (expression.kind === 'binary' && /^[!=]=$/.test(expression.operator))
      for (const side of [expression.left, expression.right]) compare(side);
    else if (expression.kind === 'call') {
      const inner = effectOf(codebase, ref, expression, depth);
      if (!inner) isKnown = false;
      for (const [index, argument] of expression.arguments.entries()) if (inner?.compared.has(index)) compare(argument);
      for (const name of inner?.reads ?? []) reads.add(name);
      for (const name of inner?.writes ?? []) writes.add(name);
    }
  });
  return isKnown ? { reads, writes, compared } : null;
}

/** What a comparison is about: buffers with the same file are the same buffer. */
function toldBy(side: Expression): Expression {
  const bare = stripCasts(side);
  return bare.kind === 'member' && bare.member === bufferFile ? stripCasts(bare.object) : bare;
}

const nothing: ReadsAndWrites = { reads: new Set(), writes: new Set(), compared: new Set() };

function effectOf(codebase: Codebase, ref: FunctionRef, call: CallExpression, depth: number): ReadsAndWrites | null {
  if (call.callee.kind !== 'name') return null;
  const { name } = call.callee;
  if (changesNothing(name)) return nothing;
  const target = codebase.definitions.findCandidate(name, ref.path);
  return target && depth > 0 ? readsAndWritesOf(codebase, target, depth - 1) : null;
}

/** Whether a helper of the kernel changes nothing that a look-up reads: it locks, logs, converts or finds. */
export function changesNothing(name: string): boolean {
  return (
    isBorrower(name) ||
    isLookup(name) ||
    isErrorMacro(name) ||
    isConversion(name) ||
    isLog(name) ||
    isSize(name) ||
    transparentArgument(name) !== undefined
  );
}

/** The names of a function's parameters and variables; not of those that keep their value from call to call. */
export function ownVariables(unit: FunctionUnit): ReadonlySet<string> {
  const names = new Set(unit.parameters.map(({ name }) => name));
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'declaration' && !/\bstatic\b/.test(statement.type)) names.add(statement.name);
  });
  return names;
}

/** The name under which a write to a place is noted: that of the member, of the variable, or {@link behindPointer}. */
export function placeName(target: Expression): string | null {
  switch (target.kind) {
    case 'name':
      return target.name;
    case 'member':
      return target.member;
    case 'index':
      return placeName(target.object);
    case 'cast':
      return placeName(target.operand);
    case 'unary':
      return target.operator === '*' ? behindPointer : null;
    default:
      return null;
  }
}
