import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../examples/user-git.js';
import { author, ownGit } from '../kernels/kernel-repository.js';
import { makeSubset } from './docs-subset.js';

/** What can be wrong with the example, each for another judge to find. */
export type Flaw =
  | 'trailing whitespace'
  | 'other base'
  | 'unmatched pattern'
  | 'unknown parameter'
  | 'broken comment'
  | 'broken page'
  | 'page in no toctree';

type Edit = (text: string) => string;

const header = 'include/linux/dma-buf.h';
const operations = ' * Attachment operations implemented by the importer.\n';
const page = 'Documentation/driver-api/dma-buf-example.rst';

/**
 * Writes three patches as the generator's are, by hand: comments of the header, comments of the core, a new page.
 *
 * @param tree a kernel tree; it is only read
 * @param work an empty folder
 * @param wrong what is wrong with them; by default nothing
 * @returns the folder with the patches
 */
export async function examplePatches(tree: string, work: string, wrong: readonly Flaw[] = []): Promise<string> {
  const repository = join(work, 'author');
  await makeSubset(tree, [], repository);
  const commit = async (subject: string, body: string) => {
    await git(['add', '--all'], { cwd: repository, env: ownGit });
    const message = `${subject}\n\n${body}\n\nSigned-off-by: ${author}\n`;
    await git(['commit', '--quiet', '--no-verify', '--file=-'], { cwd: repository, env: ownGit, input: message });
  };
  if (wrong.includes('other base')) {
    edit(repository, header, (text) => text.replace(operations, ` * Of late, this is new.\n${operations}`));
    await commit('dma-buf: what nobody else has', 'Local.');
  }
  edit(repository, header, headerEdit(wrong));
  await commit('dma-buf: say who sets the importer operations', 'The comment leaves open who provides them.');
  edit(repository, 'drivers/dma-buf/dma-buf.c', coreEdit(wrong));
  await commit('dma-buf: say what holds while a buffer is unpinned', 'The comment does not say which lock is held.');
  addPage(repository, wrong);
  await commit('dma-buf: add a page of examples', 'There is no page of examples yet, so add one.');
  const patches = join(work, 'patches');
  mkdirSync(patches);
  const args = ['format-patch', '--quiet', `--output-directory=${patches}`, 'main~3..main'];
  await git(args, { cwd: repository, env: ownGit });
  return patches;
}

function headerEdit(wrong: readonly Flaw[]): Edit {
  const space = wrong.includes('trailing whitespace') ? '  ' : '';
  return (text) =>
    text.replace(
      operations,
      ` * Attachment operations implemented by the importer, who keeps them until${space}\n * dma_buf_detach() returns.\n`,
    );
}

function coreEdit(wrong: readonly Flaw[]): Edit {
  const parameter = wrong.includes('unknown parameter') ? ' * @nobody:\t[in]\tno such parameter\n' : '';
  const comment = wrong.includes('broken comment') ? ' *\n * Some ``literal without an end.\n' : '';
  return (text) =>
    text
      .replace(/( \* @attach:\t\[in\]\tattachment which should be unpinned\n)/, `$1${parameter}`)
      .replace(
        / \* This unpins a buffer pinned by dma_buf_pin\(\) .*\n(?: \* .*\n)*/,
        (paragraph) => `${paragraph} *\n * The caller holds the reservation lock of the buffer.\n${comment}`,
      )
      .replace(
        / \* DOC: dma buf device access\n \*\n/,
        (heading) => `${heading}${comment ? `${comment.slice(3)} *\n` : ''}`,
      );
}

function addPage(repository: string, wrong: readonly Flaw[]): void {
  const broken = wrong.includes('broken page') ? '\nAn *emphasis that never ends.\n' : '';
  const text = [
    '.. SPDX-License-Identifier: GPL-2.0-only',
    '',
    'Examples of buffers',
    '===================',
    '',
    'See Documentation/driver-api/dma-buf.rst and :c:func:`dma_buf_pin` first.',
    broken,
    '=====================  ========',
    'Call                   Lock',
    '=====================  ========',
    '``dma_buf_unpin()``    held',
    '=====================  ========',
    '',
  ].join('\n');
  writeFileSync(join(repository, page), text);
  if (!wrong.includes('page in no toctree'))
    edit(repository, 'Documentation/driver-api/index.rst', (index) =>
      index.replace('   dma-buf\n', '   dma-buf\n   dma-buf-example\n'),
    );
  const pattern = wrong.includes('unmatched pattern') ? page.replace('example', 'exampel') : page;
  edit(repository, 'MAINTAINERS', (entries) =>
    entries.replace('F:\tDocumentation/driver-api/dma-buf.rst\n', `F:\t${pattern}\n$&`),
  );
}

function edit(repository: string, file: string, change: Edit): void {
  const path = join(repository, file);
  const text = readFileSync(path, 'utf8');
  const changed = change(text);
  if (changed === text) throw new Error(`${file}: the example finds nothing to change`);
  writeFileSync(path, changed);
}
