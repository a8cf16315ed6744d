// Which objects of a driver count their users and hold something of a buffer, who looks one up, and who puts it?

import { callsIn } from '../../../c/index.js';
import { functionsWithRole, isKrefPut, krefPuts, tellsZero, zeroTellers } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFile, plain } from '../../../program/index.js';
import { functionsMatching } from '../../tables/functions-matching.js';
import { unique } from '../../unique.js';
import { type Counted, countPlace } from './count-place.js';
import { lookupsOf } from './lookups.js';

/** The functions that look up an object of one structure, and return it with a reference. */
export interface CountedObjects extends Counted {
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
  const puts = functionsMatching(codebase, path, counts).flatMap((put) => countedBy(codebase, put) ?? []);
  return unique(puts, ({ tag }) => tag).map((one) => ({ ...one, lookups: lookupsOf(codebase, one, path) }));
}

/** What a function puts, which is its only parameter: `foo_put(foo) { kref_put(&foo->ref, foo_release); }`. */
function countedBy(codebase: Codebase, ref: FunctionRef): Omit<CountedObjects, 'lookups'> | undefined {
  const [object, ...others] = ref.outline.parameters;
  const tag = /\bstruct (\w+)/.exec(object?.type ?? '')?.[1];
  if (!object || others.length > 0 || tag === undefined) return undefined;
  for (const { name, call } of callsIn(codebase.program.lower(ref).body)) {
    const [count] = call.arguments;
    const place = name !== null && (isKrefPut(name) || tellsZero(name)) && count ? countPlace(count) : undefined;
    if (place?.root !== object.name) continue;
    const last = isKrefPut(name) ? call.arguments[1] : undefined;
    const release = last?.kind === 'name' ? codebase.definitions.findNear(last.name, ref.path) : ref;
    const ends = release !== undefined && endsSomething(codebase, release, deepestRelease);
    return ends ? { tag, member: place.member, put: ref } : undefined;
  }
  return undefined;
}

function endsSomething(codebase: Codebase, ref: FunctionRef, depth: number): boolean {
  if (releases.test(codebase.program.bodyText(ref))) return true;
  if (depth === 0) return false;
  return callsIn(codebase.program.lower(ref).body).some(({ name }) => {
    const callee = name === null ? undefined : codebase.definitions.findNear(name, ref.path);
    return callee !== undefined && endsSomething(codebase, callee, depth - 1);
  });
}
