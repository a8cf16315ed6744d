// Which objects of a driver count their users and hold something of a buffer, who looks one up, and who puts it?

import { callsIn, type Expression, type FunctionUnit } from '../../../c/index.js';
import {
  functionsWithRole,
  isAllocator,
  isKrefPut,
  kref,
  krefPuts,
  raisesCount,
  tellsZero,
  zeroTellers,
} from '../../../kernel/index.js';
import {
  type Codebase,
  type FunctionRef,
  functionKey,
  functionsIn,
  memoByFile,
  plain,
} from '../../../program/index.js';
import { isCallResult } from '../../calls/origins.js';
import { returnedValues } from '../../calls/returned-values.js';
import { functionsMatching } from '../../tables/functions-matching.js';
import { unique } from '../../unique.js';

/** The functions that look up an object of one structure, and return it with a reference. */
export interface CountedObjects {
  /** The structure. */
  readonly tag: string;
  /** The function that puts an object, and ends what it has of a buffer where it was the last user. */
  readonly put: FunctionRef;
  readonly lookups: readonly FunctionRef[];
}

const counts = new RegExp(`\\b(?:${[...krefPuts, ...zeroTellers].join('|')})\\s*\\(`, 'g');
const releases = new RegExp(
  `\\b(?:${functionsWithRole('put', 'detach', 'unmap', 'unpin', 'vunmap').join('|')})\\s*\\(`,
);
/** How many calls lie between the last put and the release. */
const deepestRelease = 2;

/** Finds the counted objects of the files that use the API. */
export function countedObjects(codebase: Codebase): readonly CountedObjects[] {
  return codebase.program
    .candidatesWith(new RegExp(counts.source))
    .filter((path) => path.endsWith('.c'))
    .flatMap((path) => memoByFile(codebase, path, 'counted-objects', () => countedIn(codebase, path), plain()));
}

function countedIn(codebase: Codebase, path: string): readonly CountedObjects[] {
  const puts = functionsMatching(codebase, path, counts).flatMap((put) => {
    const tag = tagPut(codebase, put);
    return tag === undefined ? [] : [{ tag, put }];
  });
  return unique(puts, ({ tag }) => tag).map((one) => ({ ...one, lookups: lookupsOf(codebase, one.tag, path) }));
}

/** The structure that a function puts, which is its only parameter: `foo_put(foo) { kref_put(&foo->ref, foo_release); }`. */
function tagPut(codebase: Codebase, ref: FunctionRef): string | undefined {
  const [object, ...others] = ref.outline.parameters;
  const tag = /\bstruct (\w+)/.exec(object?.type ?? '')?.[1];
  if (!object || others.length > 0 || tag === undefined) return undefined;
  const calls = callsIn(codebase.program.lower(ref).body);
  const put = calls.find(({ name, call }) => {
    const [count] = call.arguments;
    return (
      name !== null && (isKrefPut(name) || tellsZero(name)) && count !== undefined && rootOf(count) === object.name
    );
  });
  if (!put) return undefined;
  const last = isKrefPut(put.name) ? put.call.arguments[1] : undefined;
  const release = last?.kind === 'name' ? codebase.definitions.findNear(last.name, ref.path) : ref;
  return release && endsSomething(codebase, release, deepestRelease) ? tag : undefined;
}

function endsSomething(codebase: Codebase, ref: FunctionRef, depth: number): boolean {
  if (releases.test(codebase.program.bodyText(ref))) return true;
  if (depth === 0) return false;
  return callsIn(codebase.program.lower(ref).body).some(({ name }) => {
    const callee = name === null ? undefined : codebase.definitions.findNear(name, ref.path);
    return callee !== undefined && endsSomething(codebase, callee, depth - 1);
  });
}

/** The functions of a file that return such an object with a reference: they raise its count, or return what such a one returns. */
function lookupsOf(codebase: Codebase, tag: string, path: string): readonly FunctionRef[] {
  const returning = new RegExp(`\\bstruct\\s+${tag}\\b`);
  const candidates = functionsIn(codebase.program, path).filter(({ outline }) => returning.test(outline.returnType));
  const direct = candidates.filter((ref) => looksUp(codebase.program.lower(ref)));
  const names = new Set(direct.map(({ outline }) => outline.name));
  const through = candidates.filter((ref) => {
    const unit = codebase.program.lower(ref);
    const passed = callsIn(unit.body).filter(({ name }) => name !== null && names.has(name));
    const [only, ...others] = passed;
    return only !== undefined && others.length === 0 && returnsAlways(unit, only.call.at) && !makesOne(unit);
  });
  return unique([...direct, ...through], functionKey);
}

/** Whether a function raises the count of an object that it has found, and returns the object. */
function looksUp(unit: FunctionUnit): boolean {
  if (makesOne(unit)) return false;
  const returned = new Set(returnedValues(unit).flatMap((value) => (value.kind === 'name' ? [value.name] : [])));
  const parameters = new Set(unit.parameters.map(({ name }) => name));
  return callsIn(unit.body).some(({ name, call }) => {
    const root = call.arguments[0] && rootOf(call.arguments[0]);
    return name !== null && raisesCount(name) && root !== undefined && returned.has(root) && !parameters.has(root);
  });
}

function returnsAlways(unit: FunctionUnit, at: number): boolean {
  return returnedValues(unit).some((value) => isCallResult(unit, value, at));
}

/** Whether a function makes the object: then the reference is the first one, which the driver keeps. */
function makesOne({ body }: FunctionUnit): boolean {
  return callsIn(body).some(({ name }) => name !== null && (isAllocator(name) || name === kref.init));
}

/** The variable in `&x->ref`. */
function rootOf(place: Expression): string | undefined {
  let object = place.kind === 'unary' && place.operator === '&' ? place.operand : place;
  while (object.kind === 'member') object = object.object;
  return object.kind === 'name' && object !== place ? object.name : undefined;
}
