import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { testFiles } from './test-files.js';

// `npm test [-- word…]` and `npm run test:kernel [-- word…]`: runs the files with one of the words in their path, or all.
// `node --test` would run them in the order of their names, whatever they cost.
const [set, ...words] = process.argv.slice(2);
if (set !== 'unit' && set !== 'kernel') throw new Error(`no such set of tests: ${set}`);
const files = testFiles(join(import.meta.dirname, '../../..'), set, words);
if (files.length === 0) {
  process.stderr.write(`no ${set} tests found${words.length > 0 ? ` for ${words.join(' ')}` : ''}\n`);
  process.exitCode = 1;
} else {
  // The parameter is changed by nobody, though its type allows that.
  const events = run({ files: [...files], concurrency: availableParallelism() });
  events.on('test:fail', () => {
    process.exitCode = 1;
  });
  events.compose(new spec()).pipe(process.stdout);
}
