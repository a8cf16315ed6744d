import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rules } from '../../../rules/index.js';
import { openFolder } from '../../input/tree/tree.js';
import { lintTree } from '../../lint/analysis.js';
import { defaultConfig } from '../../lint/index.js';
import { findingsOf, realFixes } from './real-fixes.js';
import '../scripts/user-errors.js';

// `npm run history -- FOLDER`: scans an older release of Linux, and says which of the bugs are told that a later release of
// its series fixed. FOLDER is the top of linux-5.10.13, 6.12.8 or 7.1.3, as kernel.org or Debian have them.
const { positionals } = parseArgs({ allowPositionals: true });
const [folder] = positionals;

function fail(message: string): never {
  process.stderr.write(`history: ${message}\n`);
  process.exit(2);
}

/** The version that the Makefile of a tree says: `6.12.8`. */
function versionOf(top: string): string {
  let text: string;
  try {
    text = readFileSync(join(top, 'Makefile'), 'utf8');
  } catch {
    fail(`${top}: has no Makefile; name the top of a kernel tree`);
  }
  const part = (name: string): string => new RegExp(`^${name} = (\\d+)$`, 'm').exec(text)?.[1] ?? '?';
  return ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map(part).join('.');
}

if (folder === undefined) fail(`name the top of a kernel tree: Linux ${[...realFixes.keys()].join(', ')}`);
const version = versionOf(folder);
const fixes = realFixes.get(version);
if (!fixes) fail(`${folder}: is Linux ${version}; there are real fixes of ${[...realFixes.keys()].join(', ')}`);
const { findings } = await lintTree(openFolder(folder), rules, defaultConfig);
let told = 0;
for (const fix of fixes) {
  const found = findingsOf(fix, findings);
  if (found.length > 0) told++;
  const by = found.map(({ rule, confidence, line }) => `${rule} (${confidence}) at line ${line}`);
  const place = `${fix.file}:${fix.line}: ${fix.function}()`;
  process.stdout.write(`${found.length > 0 ? 'told' : 'not told'}: ${place}: ${by.join(', ') || fix.what}\n`);
}
process.stdout.write(`Linux ${version}: ${told} of ${fixes.length} bugs that were fixed later are told\n`);
