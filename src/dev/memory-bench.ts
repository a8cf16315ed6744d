import { createEngine } from '../commands/lsp/engine.js';
import { openFolder } from '../input/tree.js';
import { kernelTree } from './kernel-cache.js';

// `npm run bench:memory [-- <version> [times]]`: how much memory is in use after each of many analyses in one process, as
// the language server makes them: each time another file that speaks of dma-bufs has a new line.
const root = kernelTree(process.argv[2] ?? '7.x');
const times = Number(process.argv[3] ?? 50);
const { gc } = globalThis as { readonly gc?: () => void };
if (!gc) throw new Error('run it with --expose-gc');

const tree = openFolder(root);
const { hits } = await tree.search(
  tree.sources.filter((path) => path.startsWith('drivers/') && path.endsWith('.c')),
  ['dma_buf_'],
  false,
);
const files = hits.flat().sort();
const engine = createEngine(root, 'tree');
process.stdout.write('| analyses | heap in MB | process in MB |\n| --- | --- | --- |\n');
await engine.analyse([]);
for (let done = 1; done <= times; done++) {
  const path = files[done % files.length] ?? '';
  await engine.analyse([[path, `/* ${done} */\n${tree.read(path)}`]]);
  if (done !== 1 && done % 10 !== 0) continue;
  gc();
  const { heapUsed, rss } = process.memoryUsage();
  process.stdout.write(`| ${done} | ${(heapUsed / 1e6).toFixed(0)} | ${(rss / 1e6).toFixed(0)} |\n`);
}
