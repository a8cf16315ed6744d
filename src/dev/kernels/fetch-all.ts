import { findB4, findB4Review } from '../series/b4.js';
import { kernel } from './kernel.js';
import { kernelRepository } from './kernel-repository.js';

// `npm run kernel:all`: fetches what the kernel tests need beside Debian's packages into the cache: the kernels 6.12 and
// newest 7.x, a git repository of 6.12, and a recent b4. It keeps what is there already.
const { signal } = new AbortController();
try {
  for (const version of ['6.12', '7.x']) process.stdout.write(await kernel([version], signal));
  process.stdout.write(`${await kernelRepository('6.12')}\n`);
  for (const found of [await findB4(), await findB4Review()])
    if ('missing' in found) throw new Error(`b4 is missing: ${found.missing}`);
} catch (error) {
  process.stderr.write(`kernel:all: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
