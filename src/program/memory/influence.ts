import { type AttributeWords, treeAttributeWords } from '../../c/index.js';
import type { FileChange } from '../../input/series/series.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { isDocument, isSource } from '../../input/tree/walk.js';
import { moduleAround } from '../lookup/modules.js';
import { folderOf } from '../paths.js';
import { contractWord, isHeaderForAll, type ModuleText, mostCalls, readModule } from './module-text.js';
import { touchedNames } from './touched-names.js';

/** Answers whether a change to a tree can change the result of an analysis, without an analysis. */
export interface Influence {
  /** False only where the result is certainly the same. */
  mayMatter(changes: readonly FileChange[]): Promise<boolean>;
}

/** Documentation with any of these names can be outdated by the API. */
const documentWords = /dma_buf|move_notify|invalidate_mappings/;

/**
 * Creates the answers for changes to one tree. A change matters if its file mentions dma-bufs, or if a function that it
 * changes calls one that mentions dma-bufs, or is called by one, within a few calls of its module. A change to a header
 * of include/ matters if a file that mentions dma-bufs names what it changes. Comments and strings matter only in files
 * that mention dma-bufs.
 */
export function createInfluence(base: SourceTree): Influence {
  const modules = new Map<string, Promise<ModuleText>>();
  let attributes: AttributeWords | undefined;
  let everywhere: Promise<readonly string[]> | undefined;
  /** The files that mention dma-bufs. An analysis asks the same: a tree that remembers its searches is searched once. */
  const mentions = (): Promise<readonly string[]> => {
    everywhere ??= base.search(base.sources, [contractWord], true).then(({ hits }) => hits[0] ?? []);
    return everywhere;
  };
  const moduleOf = (path: string): Promise<ModuleText> => {
    const folder = folderOf(path);
    let known = modules.get(folder);
    if (!known) {
      const { files } = moduleAround(base.sources, folder);
      known = mentions().then((mentioning) => {
        const mentioned = new Set(mentioning);
        return readModule(
          base,
          files,
          files.filter((file) => mentioned.has(file)),
        );
      });
      modules.set(folder, known);
    }
    return known;
  };

  const sourceMatters = async ({ path, oldPath, before, after }: FileChange): Promise<boolean> => {
    if (before?.includes(contractWord) || after?.includes(contractWord)) return true;
    attributes ??= treeAttributeWords((file) => base.read(file), []);
    const touched = touchedNames({ path: oldPath ?? path, before, after }, attributes);
    if (touched.defined.size === 0) return false;
    if (isHeaderForAll(path)) {
      return (await mentions()).some((file) => namesAny(base.read(file) ?? '', touched.defined));
    }
    const module = await moduleOf(oldPath ?? path);
    if (module.isSilent) return false;
    const leading = module.leading();
    return (
      [...touched.used, ...touched.defined].some((name) => leading.has(name)) || isReached(module, touched.defined)
    );
  };

  return {
    async mayMatter(changes) {
      for (const change of changes) {
        const { path, before, after } = change;
        if (isDocumentOfApi(change)) return true;
        if (isSource(path) && before !== after && (await sourceMatters(change))) return true;
      }
      return false;
    },
  };
}

/** Whether a function that reaches dma-bufs calls any of some functions, within a few calls. */
function isReached(module: ModuleText, names: ReadonlySet<string>): boolean {
  const seen = new Set(names);
  let next: ReadonlySet<string> = names;
  for (let calls = 0; calls < mostCalls && next.size > 0; calls++) {
    next = new Set([...module.callersOf(next)].filter((name) => !seen.has(name)));
    for (const name of next) {
      if (module.leading().has(name)) return true;
      seen.add(name);
    }
  }
  return false;
}

/** Whether a change is to documentation that the API can outdate. */
export function isDocumentOfApi({ path, before, after }: FileChange): boolean {
  return isDocument(path) && (documentWords.test(before ?? '') || documentWords.test(after ?? ''));
}

function namesAny(text: string, names: ReadonlySet<string>): boolean {
  for (const name of names) if (text.includes(name) && new RegExp(`\\b${name}\\b`).test(text)) return true;
  return false;
}
