import type { Expression } from '../../src/c/index.js';
import type { Contract, FenceWait } from '../../src/contract/index.js';
import { fenceUsage, reservationWait, widestUsage } from '../../src/kernel/index.js';
import { type FixProposal, noFix } from '../../src/lint/index.js';
import { type FunctionRef, functionAt } from '../../src/program/index.js';
import { callAt } from '../shared/call-at.js';
import { renaming } from '../shared/fix-text.js';

/** Proposes to wait for all fences, if the wait, or the only caller of the helper that waits, spells out the usage. */
export function waitForAll(contract: Contract, wait: FenceWait): FixProposal {
  const { codebase } = contract;
  const ref = functionAt(codebase.program, wait.file, wait.at);
  const call = ref && callAt(codebase.program.lower(ref), wait.at)?.call;
  const named = ref && call && usageNamed(contract, ref, call.arguments[reservationWait.usage]);
  const edit =
    named &&
    renaming(named.ref.path, codebase.program.file(named.ref.path)?.text ?? '', named.at, named.name, widestUsage);
  if (!edit) return noFix('the usage that it waits for is computed, or passed by several callers');
  return {
    kind: 'fix',
    title: 'wait for all fences when revoking',
    reason: `${named.ref.outline.name}() revokes and waits for ${named.name} only. Fences in ${widestUsage} may then be pending, and devices may still access the memory when it goes away. Wait for all of them.`,
    edits: [edit],
  };
}

interface NamedUsage {
  readonly ref: FunctionRef;
  readonly at: number;
  readonly name: string;
}

function usageNamed({ codebase }: Contract, ref: FunctionRef, value: Expression | undefined): NamedUsage | null {
  if (value?.kind !== 'name') return null;
  if (fenceUsage(value.name) !== null) return { ref, at: value.at, name: value.name };
  const index = ref.outline.parameters.findIndex(({ name }) => name === value.name);
  const [caller, second] = index < 0 ? [] : codebase.references.callersOf(ref);
  const handed = caller?.call.arguments[index];
  const isOnlyOne =
    second === undefined && codebase.references.isScopeKnown(ref) && codebase.references.slotsOf(ref).length === 0;
  if (!caller || !isOnlyOne || handed?.kind !== 'name' || fenceUsage(handed.name) === null) return null;
  return { ref: caller.caller, at: handed.at, name: handed.name };
}
