// Which functions return NULL in a slot whose caller tests with IS_ERR() alone?

import { nullReturns } from '../../flow/index.js';
import {
  exporterOpsTag,
  functionsWithRole,
  isResourceType,
  mayMakeTable,
  mayReturnResource,
  type ResultSlot,
  resultSlots,
  saysNull,
  tableSlot,
} from '../../kernel/index.js';
import {
  type Codebase,
  type FunctionRef,
  filesSaying,
  foundInEach,
  functionKey,
  functionsIn,
} from '../../program/index.js';
import { decisionSteps } from '../lifetimes/defects.js';
import type { NullResult } from '../model/lifetimes.js';
import { stepAt } from '../places.js';
import { tableImporters } from '../tables/table-importers.js';
import { unique } from '../unique.js';
import { errorTestingCaller } from './slot-callers.js';

const slotNames = [...new Set(resultSlots.map(({ slot }) => slot))].join('|');
const inSlot = new RegExp(`\\.\\s*(${slotNames})\\s*=\\s*&?(\\w+)`, 'g');
/** Finds what may be a slot, and a function that returns a table, in text. */
const namesSlot = new RegExp(`\\.\\s*(?:${slotNames})\\s*=`);
const returnsTable = /\bstruct\s+sg_table\s*\*\s*\w+\s*\(/;
const tableTypes = new RegExp(`\\b(?:${[...new Set(resultSlots.map(({ type }) => type))].join('|')})\\b`);

/** Finds the first return of NULL in each function that stands in such a slot. */
export function findNullResults(codebase: Codebase): readonly NullResult[] {
  const sources = codebase.program.mentions.filter((path) => path.endsWith('.c'));
  const each = (files: readonly string[], question: string, find: typeof functionsInSlots): readonly InSlot[] =>
    foundInEach(codebase, files, question, (path) => find(codebase, path));
  const named = each(sources, 'in-slots', functionsInSlots);
  const makers = each(sources, 'table-makers-in-slots', tableMakersIn);
  const own = each(codebase.program.candidates, 'in-own-slots', functionsInOwnSlots);
  const used = [...named, ...makers, ...tableImporters(codebase).flatMap(asTableImporter), ...own];
  return unique(used, ({ ref }) => functionKey(ref)).flatMap(({ ref, row, path, at, isOwn }): readonly NullResult[] => {
    // What a driver's own slot returns for nothing to be found may be NULL, and right.
    const first = nullReturns(codebase, ref).find(({ isAfterError }) => !isOwn || isAfterError);
    if (!first) return [];
    const steps = [
      stepAt(codebase, path, at, `${ref.outline.name}() is the ${row.slot} of a ${row.type}`),
      ...decisionSteps(codebase, first.decisions, null),
    ];
    return [{ ref, at: first.at, returns: 'null', slot: row.slot, caller: row.caller, steps }];
  });
}

/** A function that a table of one file names in such a slot. */
interface InSlot {
  readonly ref: FunctionRef;
  readonly row: Pick<ResultSlot, 'type' | 'slot' | 'caller'>;
  /** Whether the table is of a type of the driver's own. */
  readonly isOwn?: boolean;
  /** Where the table names it. */
  readonly path: string;
  readonly at: number;
}

function asTableImporter(ref: FunctionRef): readonly InSlot[] {
  const row = resultSlots.find(({ slot }) => slot === tableSlot);
  return row ? [{ ref, row, path: ref.path, at: ref.outline.nameAt }] : [];
}

function functionsInSlots(codebase: Codebase, path: string): readonly InSlot[] {
  const text = codebase.program.text(path) ?? '';
  const file = tableTypes.test(text) && namesSlot.test(text) ? codebase.program.file(path) : undefined;
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

/** The functions of a file that make a table of an object, in the slots of their driver's tables. */
function tableMakersIn(codebase: Codebase, path: string): readonly InSlot[] {
  if (!returnsTable.test(codebase.program.text(path) ?? '')) return [];
  const makers = functionsIn(codebase.program, path).filter(({ outline: { returnType, parameters } }) =>
    mayMakeTable(
      returnType,
      parameters.map(({ type }) => type),
    ),
  );
  return makers.flatMap((ref) => {
    const files = filesSaying(codebase, codebase.definitions.module(path), ref.outline.name);
    return codebase.references.slotsOf(ref, files).flatMap(({ slot, variable, path: table }): readonly InSlot[] => {
      const row = resultSlots.find((one) => one.slot === slot && one.type === variable.type);
      return row ? [{ ref, row, path: table, at: variable.nameAt }] : [];
    });
  });
}

/** The functions of a file in slots of the driver's own tables, whose callers ask for error pointers alone. */
function functionsInOwnSlots(codebase: Codebase, path: string): readonly InSlot[] {
  const { program, references } = codebase;
  const text = program.text(path) ?? '';
  if (!saysNull(text) || !(mayReturnResource(text) || maps.test(text))) return [];
  const returning = functionsIn(program, path).filter((ref) => {
    const { returnType } = ref.outline;
    const body = program.bodyText(ref);
    return (isResourceType(returnType) || (isAddress(returnType) && maps.test(body))) && saysNull(body);
  });
  return returning.flatMap((ref) =>
    references.slotsOf(ref).flatMap(({ slot, variable, path: table }): readonly InSlot[] => {
      if (!/^struct \w+$/.test(variable.type) || isKnownType(variable.type)) return [];
      const caller = errorTestingCaller(codebase, slot, table);
      const row = caller && { type: variable.type, slot, caller: caller.outline.name };
      return row ? [{ ref, row, path: table, at: variable.nameAt, isOwn: true }] : [];
    }),
  );
}

/** What a slot returns that maps a buffer for the CPU. */
const isAddress = (type: string): boolean => /^void\s*\*$/.test(type);
const maps = new RegExp(`\\b(?:${functionsWithRole('vmap').join('|')})\\s*\\(`);

const isKnownType = (type: string): boolean =>
  type === `struct ${exporterOpsTag}` || resultSlots.some((row) => row.type === type);
