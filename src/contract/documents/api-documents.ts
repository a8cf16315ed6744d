import type { SourceTree } from '../../input/tree/tree.js';
import { apiPrefix, renamedNames } from '../../kernel/index.js';
import type { Contract } from '../model/contract.js';

/** Finds the documentation files of a tree that mention the API, sorted by path. */
export async function findApiDocuments(tree: SourceTree): Promise<Contract['documents']> {
  const { hits } = await tree.search(
    tree.documentation,
    [apiPrefix, ...renamedNames.flatMap(({ old, kind }) => (kind === 'member' ? [old] : []))],
    false,
  );
  return [...new Set(hits.flat())].sort().flatMap((path) => {
    const text = tree.read(path);
    return text === undefined ? [] : [{ path, text }];
  });
}
