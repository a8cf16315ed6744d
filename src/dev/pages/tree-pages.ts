import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildContract, type Contract } from '../../contract/index.js';
import { planDocumentation } from '../../docs/plan.js';
import { openFolder } from '../../input/tree/tree.js';
import { fixturesFolder, fixtureTrees } from '../examples/example-tree.js';

/** The kernel whose page is kept as a sample: facts about its drivers, and words of ours. */
export const sampleVersion = '7.3.4';
export const sampleFolder = 'trees/linux-7.3';

/** The pages on invalidation of one tree: file name and text. */
export async function pagesOfTree(folder: string): Promise<ReadonlyMap<string, string>> {
  return pagesOf(await buildContract(openFolder(folder)));
}

/** The same of a tree that was analysed. */
export function pagesOf(contract: Contract): ReadonlyMap<string, string> {
  const { pages } = planDocumentation(contract);
  return new Map(
    pages.flatMap(({ name, rest, markdown }) => [
      [`${name}.rst`, rest],
      [`${name}.md`, markdown],
    ]),
  );
}

/** Those of the fixture trees, which are made each time; paths are below docs-out. */
export async function fixturePages(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  for (const tree of Object.values(fixtureTrees))
    for (const [name, text] of await pagesOfTree(join(fixturesFolder, tree))) pages.set(`trees/${tree}/${name}`, text);
  return pages;
}

/** The sample as it was kept: a kernel tree is not at hand everywhere. */
export function samplePages(docsFolder: string): ReadonlyMap<string, string> {
  const folder = join(docsFolder, sampleFolder);
  if (!existsSync(folder)) return new Map();
  return new Map(
    readdirSync(folder).map((name) => [`${sampleFolder}/${name}`, readFileSync(join(folder, name), 'utf8')]),
  );
}
