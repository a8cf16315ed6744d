// Which files beside an importer take a reservation lock, though they name no buffer?

import {
  attachFunctions,
  dmaBufCore,
  functionsWithRole,
  innerLockPrefix,
  lockContext,
  lockFunctions,
  primeImport,
  reservationPrefix,
  usesReservationLock,
} from '../../../kernel/index.js';
import { type Codebase, folderOf, memoByFile, plain } from '../../../program/index.js';
import { helpersIn } from './lock-effects.js';

/** Finds a call with which the caller imports a buffer, or gives back what the DRM core has imported for it. */
const imports = new RegExp(
  `\\b(?:${[...attachFunctions, ...functionsWithRole('map', 'pin'), primeImport.end].join('|')})\\s*\\(`,
);

/** A call of a function that takes or drops the lock. */
const locks = new RegExp(`\\b(?:${[...lockFunctions.keys()].join('|')})\\s*\\(`);

/**
 * The files beside an importer that take a reservation lock but name no dma-buf: they share the importer's objects. The
 * core's own folder is left out, and so is a file that exports functions, since those lock for other modules.
 */
export function lockingNeighbours(codebase: Codebase): readonly string[] {
  const { program } = codebase;
  const folders = new Set(program.candidatesWith(imports).map(folderOf));
  folders.delete(folderOf(dmaBufCore));
  const candidates = new Set(program.candidates);
  return [...folders].flatMap((folder) => {
    const beside = program.folder(folder).filter((path) => !candidates.has(path));
    const takers = beside.filter((path) => takesOwnReservation(codebase, path));
    const inlines = inlineHelpers(codebase, folder, takers);
    const others = beside.filter((path) => !takers.includes(path) && takesByInline(codebase, path, inlines));
    return [...takers, ...others];
  });
}

function takesOwnReservation(codebase: Codebase, path: string): boolean {
  const { program } = codebase;
  const { begin } = lockContext;
  return memoByFile(
    codebase,
    path,
    'takes-reservation',
    () => {
      if (![reservationPrefix, innerLockPrefix, begin].some((word) => program.mayHold(path, word))) return false;
      const text = program.peek(path) ?? '';
      return (usesReservationLock(text) || text.includes(`${begin}(`)) && isOfOneModule(text);
    },
    plain(),
  );
}

/** The inline functions in the headers of a folder that return with a lock taken or dropped. */
function inlineHelpers(codebase: Codebase, folder: string, takers: readonly string[]): readonly string[] {
  const { program } = codebase;
  const isHeaderThatLocks = (path: string): boolean => folderOf(path) === folder && path.endsWith('.h');
  return [...program.candidatesWith(locks).filter(isHeaderThatLocks), ...takers.filter(isHeaderThatLocks)]
    .flatMap((path) => helpersIn(codebase, path))
    .map(({ name }) => name);
}

/** Whether a file takes or drops a reservation lock through an inline function in a driver header. */
function takesByInline(codebase: Codebase, path: string, inlines: readonly string[]): boolean {
  const { program } = codebase;
  if (inlines.length === 0) return false;
  return memoByFile(
    codebase,
    path,
    `takes-reservation-by\0${inlines.join()}`,
    () => {
      if (!inlines.some((name) => program.mayHold(path, name))) return false;
      const text = program.peek(path) ?? '';
      return new RegExp(`\\b(?:${inlines.join('|')})\\s*\\(`).test(text) && isOfOneModule(text);
    },
    plain(),
  );
}

/** Whether a file exports nothing. An exported function may take the lock on behalf of other modules. */
const isOfOneModule = (text: string): boolean => !/^EXPORT_SYMBOL/m.test(text);
