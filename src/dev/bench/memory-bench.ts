import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { stopCollecting } from '../../base/collect-garbage.js';
import { createEngine } from '../../commands/lsp/engine.js';
import { kernelTree } from '../kernels/kernel-cache.js';
import { wholeNumber } from '../scripts/user-errors.js';

// `npm run bench:memory [-- <version> [times]]`: how much memory is in use after each of many analyses in one process, as
// the language server makes them: each time another file that speaks of dma-bufs has a new line.
const root = kernelTree(process.argv[2] ?? '7.x');
const times = wholeNumber(process.argv[3] ?? '50', 'number of analyses');
// The collector, for this file alone: a language server cannot ask for it.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

// Found by another process: what this one takes is to be the engine's alone.
const listed = spawnSync('rg', ['--no-ignore', '-l', '-g', '*.c', 'dma_buf_', 'drivers'], {
  cwd: root,
  encoding: 'utf8',
});
const files = listed.stdout.trim().split('\n').sort();
const engine = createEngine(root, 'tree');
process.stdout.write('| analyses | heap in use, in MB | process at most, in MB |\n| --- | --- | --- |\n');
await engine.analyse([]);
stopCollecting(); // as the process of the language server does
for (let done = 1; done <= times; done++) {
  const path = files[done % files.length] ?? '';
  await engine.analyse([[path, `/* ${done} */\n${readFileSync(join(root, path), 'utf8')}`]]);
  if (done !== 1 && done % 10 !== 0) continue;
  collect();
  const { heapUsed } = process.memoryUsage();
  const { maxRSS } = process.resourceUsage();
  process.stdout.write(`| ${done} | ${(heapUsed / 2 ** 20).toFixed(0)} | ${(maxRSS / 1024).toFixed(0)} |\n`);
}
