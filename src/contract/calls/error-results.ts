// Which functions return an error pointer through a slot whose callers test only for NULL?

import { errorReturns } from '../../flow/index.js';
import { mayCreateObject, mayDefineCreator, objectSlot } from '../../kernel/index.js';
import { type Codebase, filesSaying, foundInEach, functionsIn } from '../../program/index.js';
import { decisionSteps } from '../lifetimes/defects.js';
import type { NullResult } from '../model/lifetimes.js';
import { stepAt } from '../places.js';
import { nullTestingCaller } from './slot-callers.js';

/**
 * Finds the first return of an error pointer in each function that creates the objects of a driver, including imported
 * ones.
 */
export function findErrorResults(codebase: Codebase): readonly NullResult[] {
  const sources = codebase.program.mentions.filter((path) => path.endsWith('.c'));
  return foundInEach(codebase, sources, 'error-results', (path) => errorResultsIn(codebase, path));
}

function errorResultsIn(codebase: Codebase, path: string): readonly NullResult[] {
  const { program, definitions, references } = codebase;
  const { slot, type } = objectSlot;
  if (!mayDefineCreator(program.text(path) ?? '')) return [];
  return functionsIn(program, path).flatMap((ref): readonly NullResult[] => {
    const { returnType, parameters, name } = ref.outline;
    const types = parameters.map((parameter) => parameter.type);
    if (!mayCreateObject(returnType, types)) return [];
    const table = references
      .slotsOf(ref, filesSaying(codebase, definitions.module(path), name))
      .find((use) => use.slot === slot && use.variable.type === type);
    const caller = table && nullTestingCaller(codebase, slot, program.mentions);
    const first = caller && errorReturns(codebase, ref)[0];
    if (!table || !caller || !first) return [];
    const steps = [
      stepAt(codebase, table.path, table.variable.nameAt, `${name}() is the ${slot} of a ${type}`),
      ...decisionSteps(codebase, first.decisions, null),
    ];
    return [{ ref, at: first.at, returns: 'error', slot, caller: caller.outline.name, steps }];
  });
}
