// A buffer and the reference for its descriptor come from a function that is only declared. What can be reported about
// them?

import { callsIn, expressionText } from '../../../c/index.js';
import { type FlowEvent, type FlowExit, type FunctionFlow, isAssumed, type Resource } from '../../../flow/index.js';
import {
  isNamedForAllocation,
  isNamedForFinding,
  isNamedForMaking,
  mayUndoExport,
  roleOf,
  saysItIsKept,
  saysItIsNew,
} from '../../../kernel/index.js';
import type { Codebase } from '../../../program/index.js';

/**
 * How certain it is that nobody else has a reference to the buffer that an event uses or puts after its descriptor was
 * made. For a use, the function must put the buffer where no descriptor is made: that shows that the reference is its
 * own.
 * @returns null if somebody else may well have one
 */
export function certaintyOfUse(
  codebase: Codebase,
  { exits }: FunctionFlow,
  { kind, resource }: FlowEvent,
): 'medium' | 'low' | null {
  if (!resource || !isAssumed(resource)) return null;
  if (kind !== 'over-put' && !exits.some((exit) => putsIt(exit, resource))) return null;
  const { api, path } = resource;
  const comment = commentOnDeclaration(codebase, api, path);
  if (saysItIsKept(comment) || !isNamedForMaking(api)) return null;
  return isNamedForAllocation(api) || saysItIsNew(comment) ? 'medium' : 'low';
}

/** Whether a path that makes no descriptor for the buffer puts it. */
function putsIt({ state }: FlowExit, { handle }: Resource): boolean {
  return state.resources.some(
    ({ kind, handle: one, count, status, refused, api }) =>
      kind === 'reference' &&
      one === handle &&
      count === 0 &&
      status === 'released' &&
      (refused !== null || roleOf(api) === 'put'),
  );
}

/**
 * Whether a function still has such a reference after no descriptor could be made for it, and puts none after it got
 * the buffer. A later call on the object that the buffer came from may put it.
 */
export function isLeftAssumed(codebase: Codebase, { ref }: FunctionFlow, exit: FlowExit, left: Resource): boolean {
  const { refused, status, function: taker, at, api } = left;
  if (status !== 'held' || refused === null || taker !== ref.outline.name || isNamedForFinding(api)) return false;
  const calls = callsIn(codebase.program.lower(ref).body);
  const given = new Set(calls.find(({ call }) => call.at === at)?.call.arguments.map(expressionText));
  return !calls.some(({ name, call }) => {
    if (name === null || call.at <= at) return false;
    if (roleOf(name) === 'put') return true;
    const isThen = call.at > refused.at && call.at < exit.at;
    return isThen && mayUndoExport(name) && call.arguments.some((argument) => given.has(expressionText(argument)));
  });
}

/** The comment right before the declaration of a function that is only declared; '' if there is none. */
function commentOnDeclaration({ program }: Codebase, name: string, path: string): string {
  for (const one of program.translationUnit(path)) {
    if (!program.includes(one, name)) continue;
    const file = program.file(one);
    const declared = file && new RegExp(`^[^\\n;{}()=]*\\b${name}\\s*\\([^;{}]*\\)[^;{}]*;`, 'm').exec(file.code);
    if (!file || !declared) continue;
    const { index } = declared;
    const comment = file.unit.comments.findLast(({ end }) => end <= index);
    if (comment && file.text.slice(comment.end, index).trim() === '')
      return file.text.slice(comment.start, comment.end);
  }
  return '';
}
