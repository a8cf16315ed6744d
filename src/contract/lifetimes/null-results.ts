// Which functions return NULL in a slot whose caller tests with IS_ERR() alone?

import { nullReturns } from '../../flow/index.js';
import { type ResultSlot, resultSlots, tableSlot } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import type { NullResult } from '../model/lifetimes.js';
import { stepAt } from '../places.js';
import { tableImporters } from '../tables/table-importers.js';
import { unique } from '../unique.js';
import { decisionSteps } from './defects.js';

const slotNames = [...new Set(resultSlots.map(({ slot }) => slot))].join('|');
const inSlot = new RegExp(`\\.\\s*(${slotNames})\\s*=\\s*&?(\\w+)`, 'g');
const tableTypes = new RegExp(`\\b(?:${[...new Set(resultSlots.map(({ type }) => type))].join('|')})\\b`);

/** Finds the first return of NULL in each function that stands in such a slot. */
export function findNullResults(codebase: Codebase): readonly NullResult[] {
  const named = codebase.program.candidatesWith(tableTypes).flatMap((path) => functionsInSlots(codebase, path));
  const used = [...named, ...tableImporters(codebase).flatMap(asTableImporter)];
  return unique(used, ({ ref }) => functionKey(ref)).flatMap(({ ref, row, path, at }): readonly NullResult[] => {
    const [first] = nullReturns(codebase, ref);
    if (!first) return [];
    const steps = [
      stepAt(codebase, path, at, `${ref.outline.name}() is the ${row.slot} of a ${row.type}`),
      ...decisionSteps(codebase, first.decisions, null),
    ];
    return [{ ref, at: first.at, slot: row.slot, caller: row.caller, steps }];
  });
}

/** A function that a table of one file names in such a slot. */
interface InSlot {
  readonly ref: FunctionRef;
  readonly row: ResultSlot;
  /** Where the table names it. */
  readonly path: string;
  readonly at: number;
}

function asTableImporter(ref: FunctionRef): readonly InSlot[] {
  const row = resultSlots.find(({ slot }) => slot === tableSlot);
  return row ? [{ ref, row, path: ref.path, at: ref.outline.nameAt }] : [];
}

function functionsInSlots(codebase: Codebase, path: string): readonly InSlot[] {
  const file = codebase.program.file(path);
  if (!file) return [];
  return [...file.code.matchAll(inSlot)].flatMap((match): readonly InSlot[] => {
    const [, slot, name = ''] = match;
    const at = match.index;
    const table = file.unit.variables.find(({ start, end }) => start <= at && at < end);
    const row = resultSlots.find((one) => one.slot === slot && one.type === table?.type);
    const ref = row && codebase.definitions.find(name, path);
    return row && ref ? [{ ref, row, path, at }] : [];
  });
}
