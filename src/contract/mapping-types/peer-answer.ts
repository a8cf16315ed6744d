// What does an entry say about peer-to-peer?

import { type Expression, subexpressions } from '../../c/index.js';
import { isFalseConstant, isNullPointer, peerToPeerMember } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import type { PeerAnswer } from '../model/mapping-types.js';
import type { MappingDialect } from './mapping-dialect.js';
import { type Bound, resolved } from './scope.js';

/** Reads the value of the member for peer-to-peer: a truth value, a number, or a constant of an enum of the core. */
export function peerAnswer(codebase: Codebase, dialect: MappingDialect, bound: Bound): PeerAnswer {
  const { expression } = resolved(bound);
  if (isFalseConstant(expression) || isNullPointer(expression)) return 'no';
  if (readsOps(expression)) return 'of-ops';
  if (expression.kind === 'literal') return /^0[xX]?0*[uUlL]*$/.test(expression.text) ? 'no' : 'yes';
  if (expression.kind !== 'name') return 'unknown';
  if (expression.name === 'true') return 'yes';
  const value = enumValue(codebase, dialect, expression.name);
  return value === undefined ? 'unknown' : value === 0 ? 'no' : 'yes';
}

/** Whether a value depends on what the importer's ops say. */
function readsOps(expression: Expression): boolean {
  return (
    (expression.kind === 'member' && expression.member === peerToPeerMember) ||
    subexpressions(expression).some(readsOps)
  );
}

/** The value of a constant of an enum in the core; 1 for one that is neither the first nor given a number. */
function enumValue(codebase: Codebase, { core }: MappingDialect, name: string): number | undefined {
  for (const path of core) {
    const code = codebase.program.file(path)?.code ?? '';
    for (const [, list = ''] of code.matchAll(/\benum\b[^{;()]*\{([^}]*)\}/g)) {
      const constants = list.split(',').map((one) => /(\w+)\s*(?:=\s*(\w+))?/.exec(one));
      const index = constants.findIndex((one) => one?.[1] === name);
      if (index >= 0) return constants[index]?.[2] ? Number(constants[index]?.[2]) : index;
    }
  }
  return undefined;
}
