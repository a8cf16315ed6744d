import type { Include } from '../../c/index.js';
import type { Memory } from '../memory/memory.js';
import { folderOf, resolveInTree } from '../paths.js';
import type { Program } from '../program.js';

/** How many levels of quoted includes are followed. */
const deepestInclude = 2;

/** The headers that a file includes, and those that its quoted headers include, in the order of the text. */
export function includedHeaders(program: Program, memory: Memory, from: string): readonly string[] {
  const found = new Set<string>();
  const visit = (path: string, depth: number): void => {
    memory.note(`includes:${path}`);
    for (const include of program.includesOf(path)) {
      const target = resolveInclude(program, memory, path, include);
      if (!target || found.has(target) || target.endsWith('.c')) continue;
      found.add(target);
      if (depth > 0 && include.quoted) visit(target, depth - 1);
    }
  };
  visit(from, deepestInclude);
  return [...found];
}

function resolveInclude(program: Program, memory: Memory, from: string, { path, quoted }: Include): string | undefined {
  const folder = folderOf(from);
  const folders = quoted ? [folder, 'include', folderOf(folder)] : ['include'];
  for (const place of folders) {
    const target = resolveInTree(place, path);
    if (target === undefined) continue;
    memory.note(`exists:${target}`);
    if (program.has(target)) return target;
  }
  return undefined;
}
