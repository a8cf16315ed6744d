import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, type Judgement, judged, newMessages, python } from './docs-judgement.js';
import { addedPages, type DocsPatch } from './docs-patches.js';
import { bufferPage } from './docs-subset.js';

/** The result of a Sphinx build; undefined if Sphinx is not installed. */
export type Built = { readonly code: number; readonly warnings: string } | undefined;

// The tree's configuration lists these, too. It also lists what reads YAML, which no page here needs.
const extensions = ['sphinx.ext.ifconfig', 'sphinx.ext.autosectionlabel'];
const ownExtensions = [
  'automarkup',
  'kernel_abi',
  'kernel_feat',
  'kernel_include',
  'kerneldoc',
  'kfigure',
  'maintainers_include',
  'rstFlatTable',
  'translations',
];

/**
 * Builds what the repository has of the kernel's documentation, with the tree's own configuration and extensions.
 *
 * @param repository from makeSubset, with or without the patches
 * @param output where the pages go
 * @returns everything Sphinx complained of
 */
export async function buildPages(repository: string, output: string): Promise<Built> {
  if ((await ask(python, ['-m', 'sphinx', '--version'], repository)).code !== 0) return undefined;
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { recursive: true });
  const documentation = join(repository, 'Documentation');
  const own = ownExtensions.filter((name) => existsSync(join(documentation, 'sphinx', `${name}.py`)));
  const settings = [`extensions=${[...own, ...extensions].join(',')}`, `kerneldoc_srctree=${repository}`];
  // Since 6.19 the extension calls the modules of kernel-doc, and the setting is unknown.
  if (!existsSync(join(repository, 'tools', 'lib', 'python', 'kdoc')))
    settings.push(`kerneldoc_bin=${join(repository, 'scripts', 'kernel-doc')}`);
  const args = ['-m', 'sphinx', '-b', 'html', '-E', '-q', '-N', '-c', documentation];
  for (const setting of settings) args.push('-D', setting);
  const answer = await ask(python, [...args, documentation, output], repository, { srctree: repository });
  return { code: answer.code, warnings: `${answer.stdout}${answer.stderr}`.replaceAll(`${repository}/`, '') };
}

/**
 * @param before from buildPages, without the patches
 * @param repository with them
 * @param output where the pages go
 * @param patches what was applied
 * @returns passed where Sphinx complains of nothing new, and of nothing on a page that the patches add
 */
export function judgePages(
  before: Built,
  repository: string,
  output: string,
  patches: readonly DocsPatch[],
): Promise<Judgement> {
  return judged('sphinx', async () => {
    if (before === undefined) return { verdict: 'not run', output: 'python3-sphinx is not installed' };
    if (before.code !== 0)
      return { verdict: 'not run', output: `this Sphinx cannot build the tree's pages:\n${before.warnings}` };
    const after = await buildPages(repository, output);
    if (after === undefined) return { verdict: 'failed', output: 'python3-sphinx is gone' };
    const pages = addedPages(patches);
    const complaints = new Set(newMessages(before.warnings, after.warnings));
    for (const line of after.warnings.split('\n')) if (pages.some((page) => line.includes(page))) complaints.add(line);
    for (const page of [bufferPage, ...pages])
      if (!existsSync(built(output, page))) complaints.add(`${page}: not built`);
    const passed = after.code === 0 && complaints.size === 0;
    const known = `${warnings(before.warnings)} warnings before, ${warnings(after.warnings)} after`;
    return { verdict: passed ? 'passed' : 'failed', output: [known, ...complaints].join('\n') };
  });
}

function built(output: string, page: string): string {
  return join(output, page.replace(/^Documentation\//, '').replace(/\.rst$/, '.html'));
}

function warnings(text: string): number {
  return text.split('\n').filter((line) => /warning|error/i.test(line)).length;
}

// Roles that only Sphinx knows become plain text; its directives become nothing.
const readPlainly = `
import re, sys
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive, directives, roles

class Nothing(Directive):
    has_content = True
    optional_arguments = 100
    def run(self):
        return []

text = open(sys.argv[1], encoding='utf-8').read()
for name in set(re.findall(r':([a-z]\\w*(?::\\w+)?):\`', text)) & {'doc', 'ref', 'any', 'term', 'file', *(
        'c:' + kind for kind in ('func', 'type', 'struct', 'union', 'enum', 'macro', 'member', 'data', 'expr'))}:
    roles.register_generic_role(name, nodes.literal)
for name in ('toctree', 'kernel-doc', 'kernel-figure', 'kernel-render', 'flat-table', 'highlight'):
    directives.register_directive(name, Nothing)
publish_doctree(text, source_path=sys.argv[1], settings_overrides={
    'report_level': 2, 'halt_level': 2, 'traceback': False, 'file_insertion_enabled': False})
`;

/**
 * Reads the pages that the patches add with docutils alone, which needs nothing of the tree.
 *
 * @param repository with the patches
 * @param patches what was applied
 * @returns passed where docutils has no warning
 */
export function judgeMarkup(repository: string, patches: readonly DocsPatch[]): Promise<Judgement> {
  return judged('docutils', async () => {
    const pages = addedPages(patches);
    if (pages.length === 0) return { verdict: 'not run', output: 'the patches add no page' };
    const installed = await ask(python, ['-c', 'import docutils; print(docutils.__version__)'], repository);
    if (installed.code !== 0) return { verdict: 'not run', output: 'python3-docutils is not installed' };
    const output: string[] = [`docutils ${installed.stdout.trim()}`];
    let failed = false;
    for (const page of pages) {
      const { code, stdout, stderr } = await ask(python, ['-c', readPlainly, page], repository);
      failed ||= code !== 0 || stderr !== '';
      output.push(`${page}: ${code === 0 ? 'read' : 'broken'}`, `${stdout}${stderr}`.trimEnd());
    }
    return { verdict: failed ? 'failed' : 'passed', output: output.join('\n').trimEnd() };
  });
}
