import { join } from 'node:path';
import { writeTogether } from '../../base/write-files.js';
import { fixturesFolder } from '../examples/example-tree.js';
import { goldenTexts } from './format-goldens.js';

// `npm run formats`: writes the expected outputs anew. Read the difference before you commit it.
const texts = await goldenTexts();
await writeTogether([...texts].map(([name, text]) => ({ path: join(fixturesFolder, 'formats', name), text })));
process.stdout.write(`${texts.size} files written\n`);
