// What does an importer set only after a pin, though its callback, which the pin may run, takes it for set?

import {
  type CallExpression,
  type Expression,
  type FunctionUnit,
  lvalueText,
  visitExpressions,
} from '../../c/index.js';
import { isNullPointer } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, functionsIn } from '../../program/index.js';
import type { AttachmentUse } from '../model/attachment.js';
import type { GuardedUse, Importer, LateInitialisation } from '../model/importer.js';
import { guardedUses } from './guarded-uses.js';

type Assignment = Extract<Expression, { kind: 'assignment' }>;

/**
 * Finds the members that are set after a pin, and that the callback uses if another member says so, which is set before the
 * pin: dma_buf_pin() may move the buffer, and then runs the callback of its own caller, too.
 */
export function findLateAtPins(
  codebase: Codebase,
  importers: readonly Importer[],
  uses: readonly AttachmentUse[],
): readonly LateInitialisation[] {
  return importers.flatMap((importer) => {
    const { path } = importer.table;
    const callback = importer.callback ? codebase.definitions.find(importer.callback, path) : undefined;
    const guarded = callback ? guardedUses(codebase, callback) : [];
    const pins = guarded.length > 0 ? uses.filter(({ kind, ref }) => kind === 'pin' && ref.path === path) : [];
    // With two importers in a file nobody knows whose callback a pin runs.
    if (importers.some((other) => other !== importer && other.table.path === path)) return [];
    return pins.flatMap(({ ref, call }) =>
      guarded.flatMap((use): LateInitialisation[] => {
        const at = setAfter(codebase, ref, call, use);
        return at === undefined ? [] : [{ importer, site: { ref, call }, step: 'pin', use, at }];
      }),
    );
  });
}

/** Offset of the store after a pin; undefined where the member may be set before it. */
function setAfter(codebase: Codebase, ref: FunctionRef, call: CallExpression, use: GuardedUse): number | undefined {
  const [attachment] = call.arguments;
  const base = attachment?.kind === 'member' ? lvalueText(attachment.object) : null;
  const name = use.path.at(-1);
  if (base === null || name === undefined) return undefined;
  const unit = codebase.program.lower(ref);
  const guard = storesOf(unit, [base, ...use.guard].join('.'));
  const isGuarded = guard.some(({ at, value }) => at < call.at && !isNothing(value));
  const stores = storesOf(unit, [base, ...use.path].join('.'));
  const [first] = stores;
  if (!isGuarded || !first || stores.some(({ at }) => at < call.end)) return undefined;
  return isSetElsewhere(codebase, ref, name) ? undefined : first.at;
}

/** The stores into a member, written as {@link lvalueText} writes it. */
function storesOf(unit: FunctionUnit, text: string): readonly Assignment[] {
  const found: Assignment[] = [];
  visitExpressions(unit.body, (one) => {
    if (one.kind === 'assignment' && lvalueText(one.target) === text) found.push(one);
  });
  return found;
}

/** Whether another function of the file sets a member of this name to anything but NULL. */
function isSetElsewhere(codebase: Codebase, ref: FunctionRef, name: string): boolean {
  return functionsIn(codebase.program, ref.path).some((other) => {
    if (functionKey(other) === functionKey(ref)) return false;
    if (!new RegExp(`\\b${name}\\s*=[^=]`).test(codebase.program.bodyText(other))) return false;
    let isSet = false;
    visitExpressions(codebase.program.lower(other).body, (one) => {
      if (one.kind !== 'assignment' || one.target.kind !== 'member' || one.target.member !== name) return;
      if (!isNothing(one.value)) isSet = true;
    });
    return isSet;
  });
}

function isNothing(value: Expression): boolean {
  return isNullPointer(value) || (value.kind === 'name' && value.name === 'false');
}
