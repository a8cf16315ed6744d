// Which commands of a file leave an error pointer in a member that the close of the file takes for a pointer?

import { callsIn, expressionText, type Statement, stripCasts } from '../../../c/index.js';
import { apiFunctions, asksForError, isErrorMacro, isResourceType } from '../../../kernel/index.js';
import {
  type Codebase,
  type FunctionRef,
  filesSaying,
  foundInEach,
  functionKey,
  functionsIn,
} from '../../../program/index.js';
import type { Misuse } from '../../model/lifetimes.js';
import { stepAt } from '../../places.js';
import { type HeldMember, heldMember, isMember, type OwnerSearch, withAliases } from '../members.js';
import { isGivenUp, mayWriteAfter } from './given-up.js';
import { livesOn } from './lives-on.js';
import { askedForError, asksForErrors, returnsResource, type Store, storesIn } from './member-errors.js';
import { askedForNullOnly } from './release-for-null.js';

/**
 * Finds the stores of an error in a member of what lives on after the failure, as user space may call again, or close:
 * another function of the module releases what the member holds, and asks only whether it is NULL.
 */
export function findErrorsForClose(search: OwnerSearch): readonly Misuse[] {
  const { codebase } = search;
  const sources = codebase.program.candidates.filter((path) => path.endsWith('.c'));
  return foundInEach(codebase, sources, 'errors-for-close', (path) => errorsLeftIn(search, path));
}

function errorsLeftIn(search: OwnerSearch, path: string): readonly Misuse[] {
  const { program } = search.codebase;
  if (!mayKeepError(program.peek(path) ?? '')) return [];
  return functionsIn(program, path)
    .filter((ref) => asksForErrors(program.bodyText(ref)))
    .flatMap((ref) => errorsLeftBy(search, ref));
}

/** Whether a text fills some member with what may be a pointer of the API or an error, and asks whether it is an error. */
function mayKeepError(text: string): boolean {
  const asked = new Set([...text.matchAll(askedForError)].map(([, place = '']) => place));
  return [...asked].some((place) => {
    if (!/->|\./.test(place)) return false;
    const written = place.replace(/[.[\]]/g, '\\$&');
    const filled = new RegExp(`\\b${written}\\s*=\\s*(?:\\([^()]*\\)\\s*)?(\\w+)\\s*\\(`, 'g');
    return [...text.matchAll(filled)].some(([, callee = '']) => mayReturnResource(text, callee));
  });
}

/** Whether a function is of the API, or the text defines it with a pointer of the API as its result. */
function mayReturnResource(text: string, callee: string): boolean {
  if (apiFunctions.has(callee)) return true;
  const defined = new RegExp(`\\bstruct\\s+\\w+\\s*\\*\\s*(?=${callee}\\s*\\()`, 'g');
  return [...text.matchAll(defined)].some(([type]) => isResourceType(type));
}

function errorsLeftBy(search: OwnerSearch, ref: FunctionRef): readonly Misuse[] {
  const { codebase } = search;
  const unit = codebase.program.lower(ref);
  return storesIn(unit.body).flatMap((store): readonly Misuse[] => {
    const held = heldMember(search, ref, store.member);
    if (!held || !isAskedAfter(unit.body, store) || isGivenUp(unit, store.member, store.call)) return [];
    if (mayWriteAfter(codebase, ref, store.call, held.member)) return [];
    if (!returnsResource(codebase, ref, store)) return [];
    const release = releaseUnasked(search, ref, held);
    if (!release || !livesOn(codebase, { ref, place: store.member, call: store.call }, held.member, release.ref))
      return [];
    return [misuseOf(codebase, ref, store, release)];
  });
}

/** Whether a function asks whether a member is an error after it has stored there, and not before. */
function isAskedAfter(body: readonly Statement[], { member, at }: Store): boolean {
  const place = expressionText(member);
  const asked = callsIn(body).filter(
    ({
      name,
      call: {
        arguments: [argument],
      },
    }) => name !== null && isErrorMacro(name) && argument && expressionText(stripCasts(argument)) === place,
  );
  return asked.length > 0 && asked.every(({ call }) => call.at > at);
}

/** A release of what a member holds. */
interface Release {
  readonly ref: FunctionRef;
  /** Where it is asked whether the member is NULL. */
  readonly asked: number;
}

/**
 * The function that releases what a member holds wherever that is not NULL; undefined where there is none, or where
 * some other code of the module asks whether the member is an error.
 */
function releaseUnasked(search: OwnerSearch, from: FunctionRef, held: HeldMember): Release | undefined {
  const { codebase } = search;
  const files = filesSaying(codebase, codebase.definitions.module(from.path), held.member);
  const said = new RegExp(`(?:->|\\.)\\s*${held.member}\\b`);
  const readers = files
    .flatMap((path) => functionsIn(codebase.program, path))
    .filter((ref) => functionKey(ref) !== functionKey(from) && said.test(codebase.program.bodyText(ref)));
  if (readers.some((ref) => asksOfMember(search, ref, held))) return undefined;
  for (const ref of readers) {
    const asked = askedForNullOnly(search, ref, held);
    if (asked !== undefined) return { ref, asked };
  }
  return undefined;
}

/** Whether a function asks whether a member, or a variable that gets it, is an error. */
function asksOfMember(search: OwnerSearch, ref: FunctionRef, held: HeldMember): boolean {
  const { program } = search.codebase;
  if (!asksForError(program.bodyText(ref))) return false;
  const unit = program.lower(ref);
  const isHeld = withAliases(unit, (value) => isMember(search, ref, value, held));
  return callsIn(unit.body).some(
    ({ name, call }) => name !== null && isErrorMacro(name) && call.arguments.some((one) => isHeld(one)),
  );
}

function misuseOf(
  codebase: Codebase,
  ref: FunctionRef,
  { member, callee, at }: Store,
  { ref: reader, asked }: Release,
): Misuse {
  const { path, outline } = ref;
  const { name } = reader.outline;
  return {
    kind: 'error-pointer',
    resource: null,
    path,
    at,
    function: outline.name,
    api: callee,
    keptIn: member.member,
    takenBy: name,
    certainty: 'medium',
    trace: [
      stepAt(
        codebase,
        reader.path,
        asked,
        `${name}() checks only for NULL here, when the file is used or closed later`,
      ),
    ],
  };
}
