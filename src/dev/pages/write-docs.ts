import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rules } from '../../../rules/index.js';
import { temporaryIn } from '../../base/write-files.js';
import { buildProgram } from '../../commands/cli/program.js';
import { verbs } from '../../commands/cli/verbs.js';
import { compileMarkdown } from '../../docs/compile/markdown.js';
import { manPage, readManSource } from '../../docs/manual/man-page.js';
import { ruleIndexTree, rulePageTree } from '../../docs/manual/rule-page.js';
import { configSchema } from '../../lint/config/config-schema.js';
import { readRulePage } from '../../lint/rule-page.js';
import { resultSchema } from '../../report/schema/result-schema.js';
import { filesBelow } from '../examples/example-tree.js';
import { validationMarkdown } from '../readings/validation-page.js';
import { docsIndexMarkdown, exportersMarkdown, importersMarkdown } from './docs-tables.js';
import { fixturePages, samplePages } from './tree-pages.js';

/** The folder of the generated pages. */
export const docsFolder = fileURLToPath(new URL('../../../../docs-out', import.meta.url));

/** Every generated page: path below docs-out, and its text. */
export async function generatePages(): Promise<ReadonlyMap<string, string>> {
  const entries = rules.map((rule) => ({ rule, page: readRulePage(rule.id) }));
  return new Map([
    ['README.md', docsIndexMarkdown()],
    ['exporters.md', exportersMarkdown()],
    ['importers.md', importersMarkdown()],
    ['validation.md', validationMarkdown()],
    ['dmabuf-lint.1', manPage(readManSource(), { program: buildProgram(verbs), rules: entries })],
    ['dmabuf-lint.schema.json', schemaPage()],
    ['dmabuf-lint-result.schema.json', resultSchemaPage()],
    ['rules/README.md', compileMarkdown(ruleIndexTree(entries))],
    ...(await fixturePages()),
    ...samplePages(docsFolder),
    // Measured by hand: it stays as it is.
    ['performance.md', readFileSync(join(docsFolder, 'performance.md'), 'utf8')],
    ...entries.map((entry) => [`rules/${entry.rule.id}.md`, compileMarkdown(rulePageTree(entry))] as const),
  ]);
}

/** The JSON schema of the configuration, for editors and for those who check one. */
export function schemaPage(): string {
  const described = rules.map(({ id }) => ({ id, summary: readRulePage(id).summary }));
  return `${JSON.stringify(configSchema(described), null, 2)}\n`;
}

/** The JSON schema of what `--format json` writes. */
export function resultSchemaPage(): string {
  return `${JSON.stringify(resultSchema({ isClosed: false }), null, 2)}\n`;
}

/**
 * Makes a folder hold exactly the given pages. Each is written beside its place and then renamed, so that nobody reads
 * half of one; files that are no page any more are removed.
 *
 * @returns the paths that changed, the removed ones included
 */
export async function writePages(folder: string, pages: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const [path, text] of pages) {
    const target = join(folder, path);
    if (existsSync(target) && readFileSync(target, 'utf8') === text) continue;
    await mkdir(dirname(target), { recursive: true });
    const temporary = temporaryIn(dirname(target));
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, target);
    changed.push(path);
  }
  for (const path of filesBelow(folder)) {
    if (pages.has(path)) continue;
    await rm(join(folder, path));
    changed.push(path);
  }
  await removeEmptyFolders(folder);
  return changed;
}

async function removeEmptyFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    await removeEmptyFolders(path);
    if ((await readdir(path)).length === 0) await rmdir(path);
  }
}

const script = process.argv[1];
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) {
  const pages = await generatePages();
  const changed = await writePages(docsFolder, pages);
  process.stdout.write(`docs-out: ${pages.size} pages, ${changed.length} changed\n`);
}
