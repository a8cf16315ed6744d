// Which files beside an importer take a reservation lock, though they name no buffer?

import {
  attachFunctions,
  dmaBufCore,
  functionsWithRole,
  lockContext,
  primeImport,
  reservationPrefix,
  usesReservationLock,
} from '../../kernel/index.js';
import { type Codebase, folderOf, memoByFile, plain } from '../../program/index.js';

/** Finds a call with which the caller imports a buffer, or gives back what the DRM core has imported for it. */
const imports = new RegExp(
  `\\b(?:${[...attachFunctions, ...functionsWithRole('map', 'pin'), primeImport.end].join('|')})\\s*\\(`,
);

/**
 * The files beside an importer that take a reservation lock but name no dma-buf: they share the importer's objects. The
 * core's own folder is left out, and so is a file that exports functions, since those lock for other modules.
 */
export function lockingNeighbours(codebase: Codebase): readonly string[] {
  const { program } = codebase;
  const folders = new Set(program.candidatesWith(imports).map(folderOf));
  folders.delete(folderOf(dmaBufCore));
  const candidates = new Set(program.candidates);
  return [...folders]
    .flatMap((folder) => program.folder(folder))
    .filter((path) => !candidates.has(path))
    .filter((path) =>
      memoByFile(codebase, path, 'takes-reservation', () => takesOwnReservation(program, path), plain()),
    );
}

function takesOwnReservation(program: Codebase['program'], path: string): boolean {
  const { begin } = lockContext;
  if (!program.mayHold(path, reservationPrefix) && !program.mayHold(path, begin)) return false;
  const text = program.peek(path) ?? '';
  return (usesReservationLock(text) || text.includes(`${begin}(`)) && !/^EXPORT_SYMBOL/m.test(text);
}
