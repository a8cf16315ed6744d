import { join } from 'node:path';
import { writeTogether } from '../../base/write-files.js';
import { kernelTree } from '../kernels/kernel-cache.js';
import { pagesOfTree, sampleFolder } from './tree-pages.js';
import { docsFolder } from './write-docs.js';

// Made from a kernel in the cache, which `npm run kernel -- 7.3` fetches.
const pages = await pagesOfTree(kernelTree('7.3'));
await writeTogether([...pages].map(([name, text]) => ({ path: join(docsFolder, sampleFolder, name), text })));
process.stdout.write(`${sampleFolder}: ${pages.size} pages\n`);
