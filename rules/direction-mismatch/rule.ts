import { type Direction, type Mapping, type Misuse, stepAt, type Unmapping } from '../../src/contract/index.js';
import { parameterIndex } from '../../src/kernel/index.js';
import { defineRule, noFix, type Report } from '../../src/lint/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../src/program/index.js';
import { reportMisuses } from '../shared/path-reports.js';
import { unmapAsMapped } from './fix.js';

export default defineRule({
  id: 'direction-mismatch',
  group: 'importer',
  severity: 'warning',
  scope: 'driver',
  hasFixes: true,
  *check(contract) {
    const { codebase, unmappings } = contract;
    const told = new Set<string>();
    const mismatches = contract.lifetimes().misuses.filter(isOfMapping);
    const shown = new Set(mismatches.map(({ path, at }) => `${path}:${at}`));
    /** Whether a path shows which caller passes the wrong constant to the function of an unmap. */
    const isShownAtCaller = ({ use }: Unmapping): boolean =>
      codebase.references.callersOf(use.ref).some(({ caller, call }) => shown.has(`${caller.path}:${call.at}`));
    for (const unmapping of unmappings) {
      const { use, direction, mappings } = unmapping;
      if (isOneOfSeveral(unmapping, unmappings) && !isShownAtCaller(unmapping)) {
        told.add(`${use.ref.path}:${use.call.at}`);
        yield sometimes(contract.codebase, unmapping);
      }
      const kept = keptDirection(unmapping);
      if (kept !== undefined && !asksFor(codebase, use.ref, kept))
        yield otherThanKept(contract.codebase, unmapping, kept);
      const [other] = unmapping.inModule;
      if (other) {
        told.add(`${use.ref.path}:${use.call.at}`);
        yield otherThanModule(contract.codebase, unmapping, other);
      }
      if (!isMismatch(unmapping)) continue;
      told.add(`${use.ref.path}:${use.call.at}`);
      const mapped = [...new Set(mappings.map((mapping) => wordFor(mapping.direction)))].join(' or ');
      yield {
        path: use.ref.path,
        at: use.call.at,
        subject: use.ref.outline.name,
        confidence: mappings.every((mapping) => functionKey(mapping.use.ref) === functionKey(use.ref))
          ? 'high'
          : 'medium',
        message: `unmapped with ${wordFor(direction)}, but mapped with ${mapped}: cache maintenance is done for the wrong direction`,
        trace: mappings.map((mapping) =>
          stepAt(codebase, mapping.use.ref.path, mapping.use.call.at, `mapped here with ${wordFor(mapping.direction)}`),
        ),
        fix: () => unmapAsMapped(contract, unmapping),
      };
    }
    for (const { ref, at, member, askedAt, isPassed, unmap } of contract.overwrittenDirections())
      yield {
        path: ref.path,
        at,
        subject: ref.outline.name,
        confidence: isPassed ? 'medium' : 'low',
        message: `'${member.replace(/\./g, '->')}' is overwritten here also where the buffer is mapped already, and the unmap then gets another direction than the map`,
        trace: [
          stepAt(codebase, ref.path, askedAt, 'only here it is asked whether the buffer is mapped'),
          stepAt(
            codebase,
            unmap.ref.path,
            unmap.at,
            `${unmap.ref.outline.name}() unmaps in the direction that is kept`,
          ),
        ],
      };
    // Where a table can hold several mappings, a path shows which one it is.
    yield* reportMisuses(
      contract,
      (misuse) => isOfMapping(misuse) && !told.has(`${misuse.path}:${misuse.at}`),
      ({ api }) => `${api} gets another direction than the map: cache maintenance is done for the wrong direction`,
    );
  },
});

function isOfMapping({ kind, resource }: Misuse): boolean {
  return resource === 'mapping' && kind === 'mismatched-release';
}

/** Whether the unmap and the mappings have no possible direction in common. */
function isMismatch({ direction, mappings, isComplete }: Unmapping): boolean {
  return (
    isComplete &&
    mappings.length > 0 &&
    mappings.every((mapping) => mapping.direction.constants?.every((name) => !direction.constants?.includes(name)))
  );
}

/** Whether the map can use several directions, and all unmaps use the same one of them. */
function isOneOfSeveral({ direction, mappings, isComplete }: Unmapping, all: readonly Unmapping[]): boolean {
  const [constant, ...others] = direction.constants ?? [];
  if (!isComplete || mappings.length === 0 || constant === undefined || others.length > 0) return false;
  const isOpen = ({ constants }: Direction): boolean =>
    (constants?.length ?? 0) > 1 && constants?.includes(constant) === true;
  return (
    mappings.every((mapping) => isOpen(mapping.direction)) &&
    all
      .filter((other) => other.mappings.some((one) => mappings.includes(one)))
      .every((other) => other.direction.constants?.every((one) => one === constant))
  );
}

function sometimes(codebase: Codebase, { use, direction, mappings }: Unmapping): Report {
  const possible = new Set(mappings.flatMap((mapping) => mapping.direction.constants ?? []));
  const others = [...possible].filter((one) => !direction.constants?.includes(one));
  return {
    path: use.ref.path,
    at: use.call.at,
    subject: use.ref.outline.name,
    confidence: 'low',
    message: `unmapped with ${wordFor(direction)}, but the map may have used ${others.join(' or ')}: cache maintenance may go in the wrong direction`,
    trace: mappings.map((mapping) =>
      stepAt(codebase, mapping.use.ref.path, mapping.use.call.at, `mapped here with ${wordFor(mapping.direction)}`),
    ),
  };
}

/**
 * The member that gives the direction for every mapping that the table can hold, if the unmap uses a constant and the
 * code does not show which constants the member can have.
 */
function keptDirection({ direction, mappings, isComplete }: Unmapping): string | undefined {
  if (!isComplete || direction.constants?.length !== 1) return undefined;
  const members = mappings.map(({ use, direction: { constants } }) => {
    const written = use.call.arguments[parameterIndex('map', 'direction')];
    return constants === null && written?.kind === 'member' ? written.member : undefined;
  });
  return members.every((member) => member === members[0]) ? members[0] : undefined;
}

/** Whether a function tests the value of the member, and so may know it: `switch (buf->dir)`. */
function asksFor({ program }: Codebase, ref: FunctionRef, member: string): boolean {
  const asked = new RegExp(`\\bswitch\\s*\\([^)]*\\b${member}\\b|\\b${member}\\s*[!=]=|[!=]=[^;&|)]*\\b${member}\\b`);
  return asked.test(program.bodyText(ref));
}

function otherThanKept(codebase: Codebase, { use, direction, mappings }: Unmapping, member: string): Report {
  return {
    path: use.ref.path,
    at: use.call.at,
    subject: use.ref.outline.name,
    confidence: 'low',
    message: `unmapped with ${wordFor(direction)}, but mapped with the direction in '${member}': where that is another one, cache maintenance is done for the wrong direction`,
    trace: mappings.map((mapping) =>
      stepAt(codebase, mapping.use.ref.path, mapping.use.call.at, `mapped here with '${member}'`),
    ),
  };
}

function otherThanModule(
  codebase: Codebase,
  { use, direction, inModule }: Unmapping,
  { direction: mapped }: Mapping,
): Report {
  return {
    path: use.ref.path,
    at: use.call.at,
    subject: use.ref.outline.name,
    confidence: 'medium',
    message: `unmapped with ${wordFor(direction)}, but all that the module maps is mapped with ${wordFor(mapped)}: cache maintenance is done for the wrong direction`,
    trace: inModule.map((map) =>
      stepAt(codebase, map.use.ref.path, map.use.call.at, `mapped here with ${wordFor(map.direction)}`),
    ),
    fix: () => noFix('the table cannot be followed to its map'),
  };
}

function wordFor({ constants }: Direction): string {
  return constants?.join(' or ') ?? 'an unknown direction';
}
