import { type Contract, type ForgottenResource, type OrphanedResource, stepAt } from '../../src/contract/index.js';
import { primeImport, resourceLives } from '../../src/kernel/index.js';
import type { Report } from '../../src/lint/index.js';

/** What it leads to that a resource is forgotten when its structure is freed. */
const consequences: Readonly<Record<ForgottenResource['kind'], string>> = {
  attachment: 'nobody can detach the device from the buffer any more',
  mapping: 'nobody can unmap it any more, and an exporter that revokes waits forever',
  'kernel-mapping': 'nobody can unmap it any more',
  'cpu-access': 'nobody can end it any more',
  pin: 'the exporter can never move that memory again',
  reference: 'the buffer is never freed',
  fd: 'nobody closes it',
  lock: 'nobody drops it',
};

/** Reports the resources of one kind that structures surely keep when they are freed. */
export function* reportForgotten(contract: Contract, kind: ForgottenResource['kind']): Iterable<Report> {
  for (const forgotten of contract.lifetimes().forgotten)
    if (forgotten.kind === kind && isSure(forgotten)) yield reportOf(contract, forgotten, 'high');
}

/**
 * Reports the other resources that structures keep when they are freed, as far as the code shows: one report for a
 * structure and a free, whatever it forgets there.
 */
export function* reportIncomplete(contract: Contract): Iterable<Report> {
  const groups = new Map<string, [ForgottenResource, ...ForgottenResource[]]>();
  for (const forgotten of contract.lifetimes().forgotten) {
    if (isSure(forgotten)) continue;
    const { tag, frees, isWholeModule } = forgotten;
    const [free] = frees;
    const key = `${tag} ${free?.ref.path}:${free?.at} ${isWholeModule}`;
    const group = groups.get(key);
    if (group) group.push(forgotten);
    else groups.set(key, [forgotten]);
  }
  for (const [first, ...others] of groups.values())
    yield reportOf(contract, first, first.isWholeModule ? 'medium' : 'low', others);
  yield* reportOrphaned(contract);
  yield* reportCleared(contract);
  yield* reportUndestroyed(contract);
}

/** Reports the functions that set a member to NULL with the resource in it. */
function* reportCleared({ codebase, lifetimes }: Contract): Iterable<Report> {
  for (const { kind, api, member, ref, at, fills, releasedElsewhere } of lifetimes().cleared)
    yield {
      path: ref.path,
      at,
      subject: ref.outline.name,
      confidence: 'medium',
      message: `${ref.outline.name}() sets '${member}' to NULL, and has not released the ${resourceLives[kind].name} in it: ${consequences[kind]}`,
      trace: [
        ...fillSteps(codebase, { fills, api, member }),
        ...releasedElsewhere.map((place) =>
          stepAt(codebase, place.ref.path, place.at, `${place.ref.outline.name}() releases it`),
        ),
      ],
    };
}

/** Reports the drivers that never end the import that the core made for a GEM object, at the function that frees one. */
function* reportUndestroyed({ codebase, undestroyedImports }: Contract): Iterable<Report> {
  for (const { importer, frees } of undestroyedImports()) {
    const [{ path, outline }, ...others] = frees;
    const { begin, end } = primeImport;
    yield {
      path,
      at: outline.nameAt,
      subject: outline.name,
      confidence: 'medium',
      message: `${outline.name}() frees imported objects, too, and nothing calls ${end}() for them: attachment, mapping and reference of each import stay for ever`,
      trace: [
        stepAt(
          codebase,
          importer.path,
          importer.outline.nameAt,
          `${importer.outline.name}() makes an object of a table that ${begin}() has mapped`,
        ),
        ...others.map((one) =>
          stepAt(codebase, one.path, one.outline.nameAt, `${one.outline.name}() frees such objects as well`),
        ),
      ],
    };
  }
}

/** Reports what functions keep and nothing ever releases, once for each function that keeps it. */
function* reportOrphaned(contract: Contract): Iterable<Report> {
  const groups = new Map<string, [OrphanedResource, ...OrphanedResource[]]>();
  for (const orphaned of contract.lifetimes().orphaned) {
    const [fill] = orphaned.fills;
    const key = `${fill?.ref.path}:${fill?.ref.outline.start} ${orphaned.isWholeModule}`;
    const group = groups.get(key);
    if (group) group.push(orphaned);
    else groups.set(key, [orphaned]);
  }
  for (const [first, ...others] of groups.values()) yield reportKept(contract, first, others);
}

/** One report at the call that takes it: where the release belongs is not known. */
function reportKept({ codebase }: Contract, first: OrphanedResource, others: readonly OrphanedResource[]): Report {
  const [fill, ...more] = first.fills;
  if (!fill) throw new Error(`a ${first.kind} is kept nowhere`);
  const { name } = fill.ref.outline;
  const placed = ({ kind, member }: OrphanedResource): string =>
    `the ${resourceLives[kind].name}${member === null ? '' : ` in '${member}'`}`;
  return {
    path: fill.ref.path,
    at: fill.at,
    subject: name,
    confidence: first.isWholeModule ? 'medium' : 'low',
    message: `${name}() keeps ${[first, ...others].map(placed).join(' and ')} when it succeeds, and nothing that can get at it ever releases it: ${consequences[first.kind]}`,
    trace: [
      ...more.map(({ ref, at }) =>
        stepAt(codebase, ref.path, at, `${ref.outline.name}() takes one by ${first.api}() as well`),
      ),
      ...others.flatMap(({ api, fills }) =>
        fills.map(({ ref, at }) => stepAt(codebase, ref.path, at, `${ref.outline.name}() takes it by ${api}()`)),
      ),
    ],
  };
}

/** Nothing releases it, and all code that could was read. */
function isSure({ isWholeModule, releasedElsewhere }: ForgottenResource): boolean {
  return isWholeModule && releasedElsewhere.length === 0;
}

/** One report for a member, at the first function that frees the structure: that is where the release is missing. */
function reportOf(
  { codebase }: Contract,
  { kind, api, tag, member, fills, frees, releasedElsewhere }: ForgottenResource,
  confidence: Report['confidence'],
  alsoForgotten: readonly ForgottenResource[] = [],
): Report {
  const [first, ...others] = frees;
  if (!first) throw new Error(`struct ${tag} is freed nowhere`);
  const { name } = first.ref.outline;
  const [other] = releasedElsewhere;
  const nobody = other ? `does not release, as ${other.ref.outline.name}() does,` : 'nothing releases';
  return {
    path: first.ref.path,
    at: first.at,
    subject: name,
    confidence,
    message: `${name}() frees 'struct ${tag}', and ${nobody} the ${resourceLives[kind].name} in its '${member}'${listed(alsoForgotten)}: ${consequences[kind]}`,
    trace: [
      ...fillSteps(codebase, { fills, api, member }),
      ...alsoForgotten.flatMap((one) => fillSteps(codebase, one)),
      ...releasedElsewhere.map(({ ref, at }) =>
        stepAt(codebase, ref.path, at, `${ref.outline.name}() releases it, and is not on this way`),
      ),
      ...others.map(({ ref, at }) => stepAt(codebase, ref.path, at, `${ref.outline.name}() frees it as well`)),
    ],
  };
}

/** The further members of one finding, for a message: `, nor the mapping in its 'sgt'`. */
function listed(others: readonly ForgottenResource[]): string {
  return others.map(({ kind, member }) => `, nor the ${resourceLives[kind].name} in its '${member}'`).join('');
}

/** Where a member is filled. */
function fillSteps(
  codebase: Contract['codebase'],
  { fills, api, member }: Pick<ForgottenResource, 'fills' | 'api' | 'member'>,
): NonNullable<Report['trace']> {
  return fills.map(({ ref, at }) =>
    stepAt(codebase, ref.path, at, `${ref.outline.name}() takes it by ${api}(), and keeps it in '${member}'`),
  );
}
