import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OutputError } from '../../base/write-files.js';
import { type Contract, toldInNames } from '../../contract/index.js';
import type { Stale } from '../../docs/changes.js';
import { compareRows } from '../../docs/page/page-rows.js';
import { patchSeries } from '../../docs/patch-drafts.js';
import type { DocumentationPlan } from '../../docs/plan.js';
import { formatPatches } from '../../input/git/format-patch.js';
import { type CommandContext, userPath } from '../cli/context.js';
import { noOrigin } from './origin.js';
import { pagesOf } from './pages.js';
import { diffOf, ownPatches } from './patch-files.js';

/** What is stale in a folder of pages and patches. @throws OutputError where there is no such folder */
export async function staleOutput(
  plan: DocumentationPlan,
  contract: Contract,
  out: string,
  context: CommandContext,
): Promise<readonly Stale[]> {
  if (!existsSync(userPath(context, out)))
    throw new OutputError(`${out}: no such folder; write it with 'dmabuf-lint docs --out ${out}'`);
  return [
    ...(await stalePages(toldInNames(contract.names, plan), out, context)),
    ...(await stalePatches(plan, contract, out, context)),
  ];
}

async function stalePages(plan: DocumentationPlan, out: string, context: CommandContext): Promise<readonly Stale[]> {
  const found: Stale[] = [];
  for (const { name, text } of pagesOf(plan)) {
    const path = join(out, name);
    const written = await readFile(userPath(context, path), 'utf8').catch(() => null);
    if (written === text) continue;
    const rows = written === null || !name.endsWith('.rst') ? [] : compareRows(written, text);
    found.push(
      ...rows.map(({ line, message }) => ({ path, line, kind: 'stale-table' as const, message, isMended: true })),
    );
    if (rows.length === 0) found.push(staleFile(path, written === null ? 'is missing' : 'is not what the tree gives'));
  }
  return found;
}

async function stalePatches(
  plan: DocumentationPlan,
  contract: Contract,
  out: string,
  context: CommandContext,
): Promise<readonly Stale[]> {
  const { drafts, cover } = toldInNames(contract.names, patchSeries(plan, contract, noOrigin));
  const identity = { name: 'Nobody', email: 'nobody@example.org' };
  const stamp = { identity, isSigned: false, seconds: 0, signature: '', cover };
  const patches = drafts.length === 0 ? [] : await formatPatches(drafts, stamp, context.env);
  const found: Stale[] = [];
  for (const { name, text } of patches) {
    const written = await readFile(userPath(context, join(out, name)), 'utf8').catch(() => '');
    if (diffOf(written) !== diffOf(text))
      found.push(staleFile(join(out, name), written === '' ? 'is missing' : 'is not what the tree needs'));
  }
  for (const name of await ownPatches(out, context))
    if (!patches.some((patch) => patch.name === name))
      found.push(staleFile(join(out, name), 'is not needed by the tree'));
  return found;
}

function staleFile(path: string, message: string): Stale {
  return { path, line: 1, kind: 'stale-documentation', message, isMended: true };
}
