// How do the callers of a driver's own slot test what it returns?

import { type CallExpression, callsIn } from '../../c/index.js';
import { type Codebase, type FunctionRef, filesSaying, functionsIn } from '../../program/index.js';
import { type Asks, asksOnly } from './result-tests.js';

/**
 * Returns a function of the module that calls a slot and asks of its result whether it is an error pointer. Undefined where
 * nobody does, or where somebody asks for NULL, too, or keeps the result where others may ask.
 */
export function errorTestingCaller(codebase: Codebase, slot: string, path: string): FunctionRef | undefined {
  return callerAsking(codebase, slot, codebase.definitions.module(path), 'errors');
}

/**
 * Returns a function of the files that calls a slot and tests its result for NULL, if all callers test only for NULL.
 */
export function nullTestingCaller(codebase: Codebase, slot: string, files: readonly string[]): FunctionRef | undefined {
  return callerAsking(codebase, slot, files, 'null');
}

function callerAsking(codebase: Codebase, slot: string, files: readonly string[], asks: Asks): FunctionRef | undefined {
  const call = new RegExp(`(?:->|\\.)\\s*${slot}\\s*\\(`);
  let found: FunctionRef | undefined;
  for (const file of filesSaying(codebase, files, slot)) {
    for (const ref of functionsIn(codebase.program, file)) {
      if (!call.test(codebase.program.bodyText(ref))) continue;
      if (!asksOnly(codebase, ref, callsOf(codebase, ref, slot), asks)) return undefined;
      found ??= ref;
    }
  }
  return found;
}

function callsOf({ program }: Codebase, ref: FunctionRef, slot: string): readonly CallExpression[] {
  return callsIn(program.lower(ref).body).flatMap(({ call }) =>
    call.callee.kind === 'member' && call.callee.member === slot ? [call] : [],
  );
}
