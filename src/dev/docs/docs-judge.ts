import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { kernelsFolder, kernelTree, withWorkFolder } from '../kernels/kernel-cache.js';
import type { Judgement } from './docs-judgement.js';
import { judgeDocs } from './docs-judges.js';
import { runDocs } from './docs-run.js';

const usage = 'say which kernel: npm run docs:judge -- <version> [folder of patches]';

/** `npm run docs:judge -- <version> [folder of patches]`: prints what the kernel's own tools say of the patches. */
async function main([version, folder, ...rest]: readonly string[]): Promise<number> {
  if (version === undefined || rest.length > 0) throw new Error(usage);
  const tree = kernelTree(version);
  const judgements = await withWorkFolder(kernelsFolder(), async (work) => {
    const patches = folder === undefined ? await written(tree, work) : resolve(folder);
    if (!existsSync(patches)) throw new Error(`${patches}: no such folder`);
    return judgeDocs(tree, patches, join(work, 'judges'));
  });
  for (const judgement of judgements) process.stdout.write(block(judgement));
  return judgements.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
}

/** The patches that the command itself writes for the tree. */
async function written(tree: string, work: string): Promise<string> {
  const patches = join(work, 'patches');
  await mkdir(join(work, 'home'));
  const { code, stderr } = await runDocs([tree, '--out', patches, '--signoff'], join(work, 'home'));
  if (code !== 0) throw new Error(`dmabuf-lint docs ended with code ${code}: ${stderr.trim().split('\n')[0] ?? ''}`);
  return patches;
}

function block({ judge, verdict, output, seconds }: Judgement): string {
  return `== ${judge}: ${verdict} (${seconds.toFixed(1)} s)\n${output}\n\n`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`docs:judge: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
