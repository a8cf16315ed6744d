import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Ground, revisionGround } from '../git/ground.js';
import { findCommit, type Repository } from '../git/repository.js';
import type { MailSeries, PreviousMails } from '../mail/mail-series.js';
import type { PreviousSeries, Series } from './series.js';
import type { SeriesRequest, SeriesSource } from './series-source.js';

/** Where the newer revision was applied, and how. */
interface NewerGround {
  apply(ground: Ground, source: SeriesSource, folder: string): Promise<Series>;
  readonly ground: Ground;
  readonly repository: Repository | null;
}

/**
 * Applies the revision before the one that is judged: to the same tree where it applies there, else to the commit that its
 * own mails name.
 * @returns null where there is none, or it applies to neither; then a remark says so
 */
export async function previousSeries(
  request: SeriesRequest,
  source: SeriesSource,
  { apply: applyTo, ground, repository }: NewerGround,
  scratch: string,
): Promise<{ readonly previous: PreviousSeries | null; readonly remark: string | null }> {
  if (source.kind !== 'mail' || source.mails.previous === null || request.mergeWith !== null)
    return { previous: null, remark: null };
  const { mails } = source;
  const { name, baseCommit } = source.mails.previous;
  const wanted = { ...source, mails: asNewest(mails, source.mails.previous) };
  const apply = async (where: Ground, folder: string): Promise<Series | null> => {
    const series = await applyTo(where, wanted, folder);
    return series.patches.every(({ failures }) => failures.length === 0) ? series : null;
  };
  const own = repository && baseCommit !== null ? await findCommit(repository, baseCommit) : null;
  const series =
    (await apply(ground, folderIn(scratch, 'previous'))) ??
    (repository && own !== null && own !== ground.commit
      ? await apply(
          await revisionGround(repository, own, folderIn(scratch, 'previous-tree')),
          folderIn(scratch, 'previous-own'),
        )
      : null);
  if (series) return { previous: { name, next: `v${mails.revision}`, series }, remark: null };
  return { previous: null, remark: `${name} does not apply to this tree: v${mails.revision} is not compared with it` };
}

function asNewest(mails: MailSeries, { patches, total, missing, baseCommit }: PreviousMails): MailSeries {
  return { ...mails, patches, total, missing, baseCommit, cover: null, previous: null, remarks: [] };
}

function folderIn(scratch: string, name: string): string {
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
