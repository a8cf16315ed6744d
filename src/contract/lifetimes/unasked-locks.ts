// Who goes on as if it had a lock that a signal may have kept it from?

import { callsIn } from '../../c/index.js';
import { isDropped } from '../../flow/index.js';
import { dmaBufCore, interruptibleLocks, isNamedForLock, lockFunctionsThat } from '../../kernel/index.js';
import {
  type Codebase,
  type FunctionRef,
  folderOf,
  functionKey,
  functionsIn,
  memoByFile,
  plain,
} from '../../program/index.js';
import type { LockDefect } from '../model/lifetimes.js';
import { stepAt } from '../places.js';

const interruptible = new RegExp(`\\b(?:${[...interruptibleLocks].join('|')})\\s*\\(`);

const lockDrops: ReadonlySet<string> = new Set(lockFunctionsThat('drop'));

/** A function that fails where its own interruptible lock does. */
interface Wrapper {
  readonly ref: FunctionRef;
  /** The call of the lock in it. */
  readonly at: number;
  readonly api: string;
}

/**
 * Returns the calls that take the lock unless a signal comes, and whose result nobody asks for: of the functions of the lock,
 * and of a driver's wrappers, in the folders of the files that use the API.
 */
export function unaskedLocks(codebase: Codebase): readonly LockDefect[] {
  const { program } = codebase;
  const folders = new Set(program.candidates.filter((path) => path.endsWith('.c')).map(folderOf));
  folders.delete(folderOf(dmaBufCore));
  return [...folders].sort().flatMap((folder) => {
    const files = program.folder(folder).filter((path) => path.endsWith('.c'));
    const taking = files.filter((path) => takesInterruptibly(codebase, path));
    const direct = taking.flatMap((path) => functionsIn(program, path)).filter((ref) => isDirect(codebase, ref));
    return [
      ...direct.flatMap((ref) => droppedCalls(codebase, ref, interruptibleLocks, null)),
      ...taking.flatMap((path) => wrappersIn(codebase, path)).flatMap((wrapper) => callsOf(codebase, wrapper, files)),
    ];
  });
}

function takesInterruptibly(codebase: Codebase, path: string): boolean {
  const { program } = codebase;
  const ask = (): boolean =>
    [...interruptibleLocks].some((name) => program.mayHoldWhole(path, name)) &&
    interruptible.test(program.peek(path) ?? '');
  return memoByFile(codebase, path, 'takes-interruptibly', ask, plain());
}

function isDirect(codebase: Codebase, ref: FunctionRef): boolean {
  return interruptible.test(codebase.program.bodyText(ref));
}

/**
 * The functions of a file that are named for a lock, and that return what an interruptible lock returned. Where a function
 * has another way to take the lock, its caller says by an argument whether a signal counts.
 */
function wrappersIn(codebase: Codebase, path: string): readonly Wrapper[] {
  return memoByFile(
    codebase,
    path,
    'interruptible-wrappers',
    () =>
      functionsIn(codebase.program, path)
        .filter(({ outline }) => isNamedForLock(outline.name) && outline.returnType.trim().endsWith('int'))
        .filter((ref) => isDirect(codebase, ref))
        .flatMap((ref) => {
          const unit = codebase.program.lower(ref);
          const calls = callsIn(unit.body);
          const called = new Set(calls.map(({ name }) => name));
          const found = calls.find(({ name }) => name !== null && interruptibleLocks.has(name));
          const hasOther = lockFunctionsThat('take').some((name) => !interruptibleLocks.has(name) && called.has(name));
          // What is dropped again on every way is left to no caller.
          const drops = calls.some(({ name, around }) => around.length === 0 && name !== null && lockDrops.has(name));
          return found?.name && !hasOther && !drops && !isDropped(unit, found.call)
            ? [{ ref, at: found.call.at, api: found.name }]
            : [];
        }),
    plain(),
  );
}

/** The calls of a wrapper in the files of its folder whose result is dropped. */
function callsOf(codebase: Codebase, wrapper: Wrapper, files: readonly string[]): readonly LockDefect[] {
  const { outline, path } = wrapper.ref;
  const callers = new Map<string, FunctionRef>();
  for (const { inside, isCall } of codebase.references.of(outline.name, outline.isStatic ? [path] : files))
    if (inside && isCall) callers.set(functionKey(inside), inside);
  return [...callers.values()].flatMap((ref) => droppedCalls(codebase, ref, new Set([outline.name]), wrapper));
}

function droppedCalls(
  codebase: Codebase,
  ref: FunctionRef,
  names: ReadonlySet<string>,
  wrapper: Wrapper | null,
): readonly LockDefect[] {
  const unit = codebase.program.lower(ref);
  const calls = callsIn(unit.body);
  return calls.flatMap(({ name, call }): readonly LockDefect[] => {
    if (name === null || !names.has(name) || !isDropped(unit, call)) return [];
    return [
      {
        kind: 'required',
        verdict: 'unasked',
        path: ref.path,
        at: call.at,
        function: ref.outline.name,
        api: name,
        certainty: wrapper ? 'medium' : 'high',
        trace: wrapper
          ? [stepAt(codebase, wrapper.ref.path, wrapper.at, `${wrapper.api}() fails here where a signal comes`)]
          : [],
      },
    ];
  });
}
