import { type AttributeWords, treeAttributeWords } from '../../c/index.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { isPathLeftOut } from '../paths.js';
import type { ProgramOptions } from '../program.js';

/** The text that makes a file worth reading. Each further one would cost a pass over the whole tree. */
const mentionWords = ['dma_buf'];

/** What one search over a whole tree gives. */
export interface Survey {
  readonly isLeftOut: (path: string) => boolean;
  readonly sources: readonly string[];
  readonly mentions: readonly string[];
  /** The file that exports each symbol. */
  readonly exporters: ReadonlyMap<string, string>;
  readonly attributes: AttributeWords;
  /** The headers that a module's build asks what this kernel has. */
  readonly askedHeaders: readonly string[];
}

/**
 * Searches a tree for the files that can matter.
 * @param attributes the attribute words of the tree, where they are known
 */
export async function surveyTree(
  tree: SourceTree,
  options: ProgramOptions,
  attributes: AttributeWords = treeAttributeWords((path) => tree.read(path), options.attributeWords),
): Promise<Survey> {
  const isLeftOut = (path: string): boolean => isPathLeftOut(path, options.leftOut);
  const sources = options.leftOut.length > 0 ? tree.sources.filter((path) => !isLeftOut(path)) : tree.sources;
  const found = await tree.search(sources, mentionWords, true);
  return {
    isLeftOut,
    sources,
    mentions: [...new Set(found.hits.flat())].sort(),
    exporters: exportersByName(found.exports),
    attributes,
    askedHeaders: options.askedHeaders ?? [],
  };
}

type Exports = readonly (readonly [string, string])[];

const known = new WeakMap<Exports, ReadonlyMap<string, string>>();

/** The file that exports each name. A list has its map made once: most edits leave the exports of a tree as they are. */
function exportersByName(exports: Exports): ReadonlyMap<string, string> {
  const exporters = known.get(exports) ?? new Map(exports);
  known.set(exports, exporters);
  return exporters;
}
