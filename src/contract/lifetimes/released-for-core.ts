// Does a driver's `gem_prime_import_sg_table` release the import when it fails? The DRM core then releases it again.

import { type Expression, stripCasts } from '../../c/index.js';
import { type Decision, describeEnd, type FlowExit, type FunctionFlow, type Resource } from '../../flow/index.js';
import { asksWhatLasts, importSlot, isNullPointer, primeImport } from '../../kernel/index.js';
import { assignmentsOf, type Codebase, filesSaying, folderOf, functionKey } from '../../program/index.js';
import type { Misuse } from '../model/lifetimes.js';
import { stepAt } from '../places.js';
import { tableImporters } from '../tables/table-importers.js';
import { decisionSteps } from './defects.js';

/**
 * Finds the failures of `gem_prime_import_sg_table` after which the attachment or the mapping from the core is gone. Mostly,
 * the put of the half-made object has called its free function. drm_gem_prime_import_dev() unmaps, detaches and puts after
 * any failure.
 */
export function findReleasedForCore(codebase: Codebase, flows: readonly FunctionFlow[]): readonly Misuse[] {
  const importers = new Set(tableImporters(codebase).map(functionKey));
  return flows
    .filter(({ ref }) => importers.has(functionKey(ref)) && ref.path !== primeImport.source)
    .filter(({ ref }) => !hasOwnImport(codebase, ref.path))
    .flatMap((flow) => flow.exits.flatMap((exit) => releasedAt(codebase, flow, exit)));
}

/** Whether a driver imports without the DRM core: it has its own `gem_prime_import`, which decides who releases. */
function hasOwnImport(codebase: Codebase, path: string): boolean {
  const { program } = codebase;
  const beside = program.candidates.filter((one) => folderOf(one) === folderOf(path));
  const saying = filesSaying(codebase, [...new Set([path, ...beside, ...program.translationUnit(path)])], importSlot);
  const codes = saying.map((one) => program.file(one)?.code ?? '');
  return codes.some((code) => ownSlot.test(code)) && !codes.some((code) => coreImport.test(code));
}

const ownSlot = new RegExp(`\\.${importSlot}\\s*=`);
const coreImport = new RegExp(`\\b(?:${primeImport.begin}|${primeImport.standard})\\b`);

function releasedAt(codebase: Codebase, flow: FunctionFlow, exit: FlowExit): readonly Misuse[] {
  const { ref, parameters } = flow;
  if (exit.outcome !== 'error') return [];
  const isGiven = ({ kind, handle, of }: Resource): boolean =>
    parameters.includes(kind === 'attachment' ? handle : kind === 'mapping' && of !== null ? of : -1);
  const gone = exit.state.resources.find((one) => isGiven(one) && one.status === 'released' && one.count === 0);
  if (!gone?.end || !exit.state.decisions.every((decision) => isCertain(codebase, flow, decision))) return [];
  return [
    {
      kind: 'released-for-core',
      resource: gone.kind,
      path: ref.path,
      at: exit.at,
      function: ref.outline.name,
      api: primeImport.begin,
      certainty: 'medium',
      trace: [
        stepAt(codebase, gone.end.path, gone.end.at, `${describeEnd(gone.end)} here`),
        ...decisionSteps(codebase, exit.state.decisions, gone),
      ],
    },
  ];
}

/**
 * Whether a decision is one of the function itself, or tests what the function has stored of the import. Other members of
 * the object may still be empty when the function fails.
 */
function isCertain({ program }: Codebase, { ref }: FunctionFlow, decision: Decision): boolean {
  const { path, outline } = ref;
  if (decision.kind !== 'test' || (decision.path === path && outline.start <= decision.at && decision.at < outline.end))
    return true;
  const asked = askedBy(decision.test);
  if (asked.kind === 'call') return asked.callee.kind === 'name' && asksWhatLasts(asked.callee.name);
  if (asked.kind !== 'member') return asked.kind === 'name';
  const names = new Set(outline.parameters.map(({ name }) => name));
  return [...assignmentsOf(program.lower(ref)).values].some(
    ([target, values]) =>
      target.endsWith(`.${asked.member}`) && values.some((value) => value.kind === 'name' && names.has(value.name)),
  );
}

/** The operand of a test for NULL: `p` of `!p` and `p == NULL`. */
function askedBy(test: Expression): Expression {
  const bare = stripCasts(test);
  if (bare.kind === 'unary' && bare.operator === '!') return askedBy(bare.operand);
  return bare.kind === 'binary' && isNullPointer(bare.right) ? askedBy(bare.left) : bare;
}
