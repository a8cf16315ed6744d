import { parseArgs } from 'node:util';
import { type Allowed, type AllowedKind, allowedKinds, deviation, readAllowed, writeAllowed } from './allowed.js';
import { longFunction, type Measures, measure, most } from './measures.js';
import { readSources, topFolder } from './source-tree.js';
import { unwanted } from './unwanted.js';
import '../scripts/user-errors.js';

// `npm run house [-- <folder>]`: prints the measures of this checkout, or of another one. `npm run house -- --trim` removes
// entries from allowed.json that are no longer needed.
const { values, positionals } = parseArgs({ options: { trim: { type: 'boolean' } }, allowPositionals: true });
const top = positionals[0] ?? topFolder();
const measures = measure(readSources(top));
if (values.trim) trim(top, measures);
process.stdout.write(`${figures(measures).join('\n')}\n`);

/** Removes the entries of allowed.json that match nothing. */
function trim(folder: string, found: Measures): void {
  const allowed = readAllowed(folder);
  const trimmed = allowedKinds.map((kind): [AllowedKind, Readonly<Record<string, string>>] => {
    const { stale } = deviation(unwanted(found)[kind], allowed[kind]);
    for (const one of stale) process.stdout.write(`${kind}: ${one} is taken off the list\n`);
    return [kind, Object.fromEntries(Object.entries(allowed[kind]).filter(([one]) => !stale.includes(one)))];
  });
  writeAllowed(folder, Object.fromEntries(trimmed) as Allowed);
}

function figures(found: Measures): readonly string[] {
  const { files, folders, longFunctions, functions, circles: round } = found;
  const tooLong = longFunctions.filter(({ lines }) => lines > longFunction.most);
  const full = folders.filter(([, count]) => count > most.filesInFolder);
  const inTests = longFunctions.filter(({ path }) => /test\.ts$/.test(path));
  return [
    `files: ${files.program}, and ${files.tests} of tests; ${files.lines} lines`,
    `folders: ${folders.length}, of which ${full.length} have more than ${most.filesInFolder} files`,
    ...indented(folders.slice(0, 10).map(([folder, count]) => `${String(count).padStart(3)} ${folder}`)),
    `files over ${most.linesOfFile} lines: ${found.longFiles.length}`,
    ...indented(found.longFiles),
    `functions: ${functions}; over ${longFunction.lines} lines: ${longFunctions.length} (${inTests.length} in tests); over ${longFunction.most}: ${tooLong.length}`,
    ...indented(
      longFunctions.map(({ path, line, name, lines }) => `${String(lines).padStart(3)} ${path}:${line} ${name}()`),
    ),
    `circles of imports when loaded: ${round.load.length}`,
    ...indented(round.load.map((circle) => circle.join(' '))),
    `circles with what is loaded later, too (import(), workers): ${round.later.length}`,
    ...indented(round.later.map((circle) => circle.join(' '))),
    `circles with types, too: ${round.type.length}`,
    ...indented(round.type.map((circle) => circle.join(' '))),
    `exports that no other file imports: ${found.unusedExports.length}`,
    ...indented(found.unusedExports),
    `exports that only tests and src/dev import: ${found.onlyTested.length}`,
    ...indented(found.onlyTested),
    `files of the program that use 'process': ${found.usesProcess.length}`,
    ...indented(found.usesProcess),
  ];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
