import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { dmaBufHeader } from '../../kernel/index.js';
import type { Finding } from '../../lint/index.js';
import { type CommandContext, userPath } from '../cli/context.js';
import type { Module } from './kbuild-findings.js';

/** A file without this word needs no analysis: that settles most files of a kernel at once. */
const word = 'dma_buf';

/**
 * `dmabuf-lint kbuild`: the checker for `make C=1` and `C=2`. Make calls it as it calls sparse and smatch: with the
 * compiler's flags and the file to compile. It prints the findings in that file as warnings on standard error. It never
 * breaks a build: an error becomes one line.
 * Source: cmd_checksrc in scripts/Makefile.build.
 *
 * @returns the exit code, always 0
 */
export async function kbuild(args: readonly string[], context: CommandContext): Promise<number> {
  const { cwd, env, terminal } = context;
  try {
    const file = args.filter((arg) => !arg.startsWith('-') && /\.[cS]$/.test(arg)).at(-1);
    if (file === undefined)
      throw new Error('no C file among the arguments; run it with make C=2 CHECK="dmabuf-lint kbuild"');
    if (!file.endsWith('.c') || !readFileSync(userPath(context, file)).includes(word)) return 0;
    const path = resolve(cwd, file);
    const place = placeOf(path, context);
    // Loaded only now: thousands of other files do not need it.
    const { findingsOfModule, findingsOfTree, warningLines } = await import('./kbuild-findings.js');
    const { root } = place;
    const all = place.kind === 'module' ? await findingsOfModule(place, context) : await findingsOfTree(root, context);
    const findings = all.filter((finding) => resolve(root, finding.file) === path && isTold(finding, env));
    terminal.writeError(findings.flatMap((finding) => warningLines(finding, file, { root, cwd })).join(''));
  } catch (error) {
    terminal.writeError(
      `dmabuf-lint: kbuild: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}\n`,
    );
  }
  return 0;
}

/** Notes are for `make W=1`. */
function isTold({ severity }: Finding, env: CommandContext['env']): boolean {
  return severity !== 'note' || (env['KBUILD_EXTRA_WARN'] ?? '').includes('1');
}

/** Where a file belongs: to a kernel tree, or to a module outside of it. */
type Place = { readonly kind: 'tree'; readonly root: string } | (Module & { readonly kind: 'module' });

/** Make names the folder of a module in KBUILD_EXTMOD. Source: Makefile, `ifeq ("$(origin M)", "command line")`. */
function placeOf(file: string, context: CommandContext): Place {
  const { env, cwd } = context;
  const module = env['KBUILD_EXTMOD'] ? resolve(cwd, env['KBUILD_EXTMOD']) : null;
  const kernel = resolve(cwd, env['abs_srctree'] ?? env['srctree'] ?? '.');
  // A driver of the tree can be built that way, too.
  if (module !== null && isBelow(file, module) && !isBelow(file, kernel))
    return { kind: 'module', root: module, kernel };
  return { kind: 'tree', root: treeOf(file, context) };
}

const isBelow = (file: string, folder: string): boolean => !relative(folder, file).startsWith('..');

/** The top of the tree: the folder that make names, or else the nearest folder above the file that holds a kernel. */
function treeOf(file: string, { env, cwd }: CommandContext): string {
  const told = env['srctree'] ?? env['abs_srctree'];
  const upwards: string[] = told ? [resolve(cwd, told)] : [];
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) upwards.push(folder);
  const root = upwards.find((folder) => isKernel(folder) && isBelow(file, folder));
  if (root === undefined) throw new Error(`${file}: is not in a kernel tree: no folder above it has ${dmaBufHeader}`);
  return root;
}

function isKernel(folder: string): boolean {
  try {
    readFileSync(join(folder, dmaBufHeader));
    return true;
  } catch {
    return false;
  }
}
