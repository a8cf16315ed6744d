import type { Expression } from '../../c/index.js';
import { isZeroLiteral } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import type { NodeOf } from '../graph/model.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import { answerKeys, type State, stateWith } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';
import { plus } from './arithmetic.js';
import { elementMember } from './elements.js';
import { isPlainType } from './plain-variables.js';

/** What an initialiser initialises. */
interface Declared {
  /** The type of the variable, or of the elements of an array. */
  readonly type: string;
  readonly isArray: boolean;
}

/** Evaluates the initial value of a variable. The variable's type says which members or elements a list fills. */
export function evaluateDeclared(
  engine: Engine,
  { name, type, at, value, pointer }: NodeOf<'declare'>,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  if (value === null) return [{ value: engine.newValue(), state }];
  if (value.kind !== 'initialiser') return engine.evaluate(value, state, frame);
  const code = engine.codebase.program.file(frame.ref.path)?.code ?? '';
  const isArray = pointer || (code.startsWith(name, at) && /^\s*\[/.test(code.slice(at + name.length)));
  return evaluateList(engine, value, { type: pointer ? '' : type, isArray }, state, frame);
}

/** `{ .ops = &x, … }`: an object with these members, and zero in all others; one for each path through its entries. */
export function evaluateInitialiser(
  engine: Engine,
  expression: Expression,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  const isLiteral = expression.kind === 'compound-literal';
  const list = isLiteral ? expression.value : expression;
  if (list.kind !== 'initialiser') return engine.evaluate(list, state, frame);
  const type = isLiteral ? expression.type : '';
  return evaluateList(engine, list, { type, isArray: /\[[^\]]*\]\s*$/.test(type) }, state, frame);
}

type List = Extract<Expression, { kind: 'initialiser' }>;

function evaluateList(
  engine: Engine,
  list: List,
  declared: Declared,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  const object = engine.newValue();
  const members = placesIn(engine, list, declared, state, frame);
  // A pointer to an array of structs is one to its first element, whose members are not those of the array.
  const isOfStructs = declared.isArray && list.entries.some(({ value }) => value.kind === 'initialiser');
  let paths: readonly State[] = [!isOfStructs && leavesZeroes(list, members) ? withZeroes(state, object) : state];
  for (const [index, { value }] of list.entries.entries()) {
    const key = `${object}.${members[index] ?? `#${index}`}`;
    const isElement = declared.isArray && value.kind === 'initialiser';
    paths = engine.bounded(
      paths.flatMap((before) =>
        (isElement
          ? evaluateList(engine, value, { ...declared, isArray: false }, before, frame)
          : engine.evaluate(value, before, frame)
        ).map((result) => stateWith(result.state, { heap: result.state.heap.with(key, result.value) })),
      ),
    );
  }
  return paths.map((after) => ({ value: object, state: after }));
}

/**
 * The member or element that each entry fills; undefined where that is not known. The object holds the value in either
 * case.
 */
function placesIn(
  engine: Engine,
  { entries }: List,
  { type, isArray }: Declared,
  state: State,
  frame: CallFrame,
): readonly (string | undefined)[] {
  // Finding a struct means reading headers, so only look for it if an entry has no name.
  const isByPlace = entries.some(({ designators, value }) => designators.length === 0 && !isZeroLiteral(value));
  const names = isByPlace && !isArray && type !== '' ? membersOf(engine, type, frame) : [];
  let next: Value | undefined = zeroValue;
  return entries.map(({ designators, at }, index) => {
    if (!isArray) return designators.length > 0 ? designators.join('.') : names[index];
    const place = designators.length === 0 ? next : writtenIndex(engine, at, state, frame);
    next = place === undefined ? undefined : plus(engine, state, place, 1).value;
    return place === undefined ? undefined : elementMember(engine, place);
  });
}

/** The index in `[2] = x` and `[EX_SOURCE] = x`; undefined for any other entry. */
function writtenIndex(engine: Engine, at: number, state: State, frame: CallFrame): Value | undefined {
  const code = engine.codebase.program.file(frame.ref.path)?.code ?? '';
  const text = /^\[\s*(\w+)\s*\]/.exec(code.slice(at, at + longestIndex))?.[1];
  if (text === undefined) return undefined;
  const kind = /^\d/.test(text)
    ? ({ kind: 'literal', text, at } as const)
    : ({ kind: 'name', name: text, at } as const);
  return engine.evaluate(kind, state, frame)[0]?.value;
}

/** A longer index is not read. */
const longestIndex = 64;

/** The members, in order, of a struct that is named by its tag or its typedef, or written out; none if it is not found. */
function membersOf({ codebase }: Engine, type: string, { ref }: CallFrame): readonly string[] {
  const written = plainStruct.exec(type)?.[1];
  if (written !== undefined) return namesIn(written);
  const tag = /\bstruct\s+(\w+)\s*$/.exec(type.trim())?.[1];
  const struct = tag === undefined ? null : codebase.definitions.struct(tag, ref.path);
  if (struct) return [...struct.fields.keys()];
  const name = /^(?:const\s+)?(\w+)$/.exec(type.trim())?.[1];
  return name === undefined || isPlainType(name) ? [] : membersOfTypedef(codebase, name, ref.path);
}

/** A struct that contains no struct or union; the group is the text between its braces. */
const plainStruct = /\bstruct\s*\w*\s*\{([^{}]*)\}/;

function membersOfTypedef({ memory, program, definitions }: Codebase, name: string, from: string): readonly string[] {
  return memory.recall(`typedef-members\0${from}\0${name}`, () => {
    const found = new RegExp(`\\btypedef\\s+${plainStruct.source.slice(2)}\\s*${name}\\s*;`);
    for (const path of [...program.translationUnit(from), ...definitions.headers(from)]) {
      const body = program.includes(path, name) ? found.exec(program.peek(path) ?? '')?.[1] : undefined;
      if (body !== undefined) return namesIn(body);
    }
    return [];
  });
}

/** The names that the declarations of a struct declare. */
function namesIn(body: string): readonly string[] {
  const plain = body.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  return plain.split(/[;,]/).flatMap((one) => /(\w+)\s*(?:\[[^\]]*\]\s*)*(?::\s*\w+)?\s*$/.exec(one)?.[1] ?? []);
}

/**
 * Whether what an initialiser does not name is known to be zero: `{ .fd = -1 }`, `{}`, `{ 0 }`. Of an entry without a name it
 * may not be known which member it fills, and of one with several names not which object.
 */
function leavesZeroes({ entries }: List, members: readonly (string | undefined)[]): boolean {
  return entries.every(({ designators, value }, index) => {
    if (designators.length === 0) return members[index] !== undefined || isZeroLiteral(value);
    return designators.length === 1 && /^(?:\w+|\[\w+\])$/.test(members[index] ?? '');
  });
}

function withZeroes(state: State, object: number): State {
  return stateWith(state, { answers: state.answers.with(answerKeys.zeroed(object), true) });
}
