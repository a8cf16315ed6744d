import type { PhrasingContent } from 'mdast';
import type { Importer } from '../../contract/index.js';
import { code, text } from '../nodes.js';
import { callbackWords, listWords, userNames } from './importer-rows.js';

/** What people call a subsystem, by the folder of its drivers. */
const subsystems: readonly (readonly [folder: string, name: string])[] = [
  ['drivers/infiniband/', 'RDMA'],
  ['drivers/gpu/drm/', 'DRM'],
  ['drivers/media/', 'media'],
  ['drivers/vfio/', 'VFIO'],
  ['drivers/iommu/iommufd/', 'IOMMUFD'],
];

/** Recognises, in a page, a paragraph of the sentences that this file writes. */
export const importerSentences =
  /^(?:(?:\w+'s )?``\w+``(?:, which [\w, ]+ uses?,)? pins the buffer(?:, cannot be revoked, and says so\.| and cannot be revoked: [^.]*\. Exporters cannot tell\.) ?)+$/;

/** A sentence for each importer that pins, cannot be revoked, and does not say so. */
export function unmarkedSentences(importers: readonly Importer[]): readonly PhrasingContent[] {
  return sentences(importers, (importer) => {
    const what = importer.verdict.kind === 'absent' ? 'has no callback' : `its callback ${callbackWords(importer)}`;
    return ` pins the buffer and cannot be revoked: ${what}. Exporters cannot tell.`;
  });
}

/** A sentence for each importer that pins, cannot be revoked, and says so. */
export function declaredSentences(importers: readonly Importer[]): readonly PhrasingContent[] {
  return sentences(importers, () => ' pins the buffer, cannot be revoked, and says so.');
}

function sentences(importers: readonly Importer[], rest: (importer: Importer) => string): readonly PhrasingContent[] {
  return importers.flatMap((importer, index) => [
    ...(index > 0 ? [text(' ')] : []),
    ...opening(importer),
    text(`${users(importer)}${rest(importer)}`),
  ]);
}

function opening({ table }: Importer): readonly PhrasingContent[] {
  const subsystem = subsystems.find(([folder]) => table.path.startsWith(folder))?.[1];
  return [...(subsystem ? [text(`${subsystem}'s `)] : []), code(table.name)];
}

function users(importer: Importer): string {
  const names = userNames(importer);
  return names.length > 0 ? `, which ${listWords(names)} ${names.length === 1 ? 'uses' : 'use'},` : '';
}
