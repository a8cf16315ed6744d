import type { Contract } from '../contract/index.js';
import type { PatchDraft } from '../input/git/format-patch.js';
import { dmaBufCore, dmaBufHeader } from '../kernel/index.js';
import type { PatchName } from './changes.js';
import { kernelDocCompiler } from './compile/kernel-doc.js';
import { pagePath } from './page/page-entries.js';
import { substitutesOf } from './page/page-facts.js';
import type { DocumentationPlan } from './plan.js';
import { readText, type Substitutes, sectionsOf, substitute } from './source.js';

/** The patches in order, each with the index, 0-based, of its message in pages/patches.md. */
const order: readonly (readonly [PatchName, number])[] = [
  ['header', 0],
  ['core', 1],
  ['page', 2],
  ['names', 4],
];
/** The index of the message for a page that the tree has already. */
const updateMessage = 3;
/** The width that SubmittingPatches asks for. */
const messageWidth = 72;

/** Drafts the patches of a plan, in the order in which they apply: subject, message, changed files. */
export function patchDrafts({ files, stale }: DocumentationPlan, contract: Contract): readonly PatchDraft[] {
  const root = readText('pages/patches.md');
  const substitutes = withOutdated(substitutesOf(contract), stale);
  // Titles have placeholders too.
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

/** Adds the conditions by which a message says that the patch also corrects stale names. */
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
