// Which references does a function leave in a member that nobody reads again?

import { type FlowExit, type FunctionFlow, memberOfOwnData, type Resource } from '../../../flow/index.js';
import { referenceFunctions, weakFileGets } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, filesSaying } from '../../../program/index.js';

/**
 * Whether a reference that a function left in a member is lost, since no other function of the driver reads that member.
 */
export function isForgottenMember(
  codebase: Codebase,
  { ref }: FunctionFlow,
  exit: FlowExit,
  { kind, end, refused, handle }: Resource,
): boolean {
  if (kind !== 'reference') return false;
  const own = memberOfOwnData(exit.state, handle);
  if (own !== undefined && refused !== null && exit.outcome === 'error') return !isPutElsewhere(codebase, ref, own);
  if (refused === null || end?.kind !== 'stored') return false;
  const read = new RegExp(`(?:->|\\.)\\s*${end.in}\\b(?!\\s*=[^=])`);
  return codebase.program.translationUnit(ref.path).every((path) => !read.test(codeBesides(codebase, ref, path)));
}

/**
 * Whether another function of the module puts the buffer in a member: there the member owns a reference after all. Where the
 * buffer is first asked whether it is still alive, the reference that is put is the one that the question has taken.
 */
function isPutElsewhere(codebase: Codebase, ref: FunctionRef, member: string): boolean {
  const argument = `\\s*\\([^;{}()]*(?:->|\\.)\\s*${member}\\b`;
  const put = new RegExp(`\\b(?:${referenceFunctions('put').join('|')})${argument}`);
  const asked = new RegExp(`\\b(?:${[...weakFileGets].join('|')})${argument}`);
  return filesSaying(codebase, codebase.definitions.module(ref.path), member).some(
    (path) => put.test(codeBesides(codebase, ref, path)) && !asked.test(codebase.program.file(path)?.code ?? ''),
  );
}

/** The code of a file without that of one function. */
function codeBesides({ program }: Codebase, { path, outline }: FunctionRef, of: string): string {
  const code = program.file(of)?.code ?? '';
  return of === path ? code.slice(0, outline.start) + code.slice(outline.end) : code;
}
