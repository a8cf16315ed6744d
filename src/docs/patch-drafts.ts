import { type Contract, dmaBufCore, dmaBufHeader } from '../contract/index.js';
import type { PatchDraft } from '../input/git/format-patch.js';
import type { PatchName } from './changes.js';
import { kernelDocCompiler } from './compile/kernel-doc.js';
import { substitutesOf } from './facts.js';
import { pagePath } from './page/page-entries.js';
import type { DocumentationPlan } from './plan.js';
import { readText, type Substitutes, sectionsOf, substitute } from './source.js';

/** In this order; each with the number of its message in pages/patches.md, counted from 0. */
const order: readonly (readonly [PatchName, number])[] = [
  ['header', 0],
  ['core', 1],
  ['page', 2],
  ['names', 4],
];
/** The message for a page that is there already. */
const updateMessage = 3;
/** As SubmittingPatches asks for. */
const messageWidth = 72;

/** The patches that bring a tree's documentation up to date, in the order in which they are to be applied. */
export function patchDrafts({ files, stale }: DocumentationPlan, contract: Contract): readonly PatchDraft[] {
  const root = readText('pages/patches.md');
  const substitutes = withOutdated(substitutesOf(contract), stale);
  // Titles too have placeholders: they are resolved like the rest.
  const messages = sectionsOf(root, 1);
  return order.flatMap(([name, number]) => {
    const changes = files.filter(({ patch }) => patch === name);
    if (changes.length === 0) return [];
    const isUpdate = changes.some(({ path, before }) => path === pagePath && before !== null);
    const message = messages[isUpdate ? updateMessage : number];
    if (!message) throw new Error(`pages/patches.md has no message ${number}`);
    const body = kernelDocCompiler(null)(substitute(message.root, substitutes), messageWidth).trimEnd();
    const subject = message.title.replace(/\{([a-z-]+)\}/g, (_, word: string) => substitutes.names.get(word) ?? word);
    return [{ subject, body, files: changes }];
  });
}

/** A patch that also corrects what was wrong has to say so. */
function withOutdated(substitutes: Substitutes, stale: DocumentationPlan['stale']): Substitutes {
  const isOutdated = (path: string): boolean =>
    stale.some((each) => each.path === path && each.isMended && each.kind === 'stale-name-in-comment');
  const flags = new Map([
    ...substitutes.flags,
    ['header-outdated', isOutdated(dmaBufHeader)] as const,
    ['core-outdated', isOutdated(dmaBufCore)] as const,
  ]);
  return { ...substitutes, flags };
}
