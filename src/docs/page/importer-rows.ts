import type { PhrasingContent } from 'mdast';
import type { Contract, Importer } from '../../contract/index.js';
import { code, text } from '../nodes.js';
import type { FactRow } from './fact-row.js';

/** The head of the table of importers. */
export const importerHead: readonly string[] = [
  'Importer',
  'Defined in',
  'Pins',
  'When called back',
  'Can be invalidated',
];

/** The row of an importer: its ops, where they are, when it pins, what its callback does, whether it can follow. */
export function importerRow(importer: Importer): FactRow {
  const { table, pins, isTest } = importer;
  return {
    key: `${table.name} ${table.path}`,
    cells: [
      [code(table.name)],
      [text(`${table.path}${isTest ? ' (test code)' : ''}`), ...usersOf(importer)],
      [text(pins)],
      [text(callbackWords(importer))],
      [text(statusWords[importer.status])],
    ],
  };
}

/** The item of an importer without ops: the function that attaches. */
export function staticImporterRow({ place }: Contract['staticImporters'][number]): FactRow {
  const name = place.function ?? place.file;
  return {
    key: `${name} ${place.file}`,
    cells: [place.function ? [code(`${place.function}()`), text(` (${place.file})`)] : [text(place.file)]],
  };
}

const statusWords: Readonly<Record<Importer['status'], string>> = {
  revocable: 'yes',
  'declared-non-revocable': 'no, and says so',
  'undeclared-non-revocable': 'no, and does not say so',
  unsafe: 'no, and maps without a pin',
  unknown: 'not known',
};

/** What the callback of an importer does, as the rest of a sentence about the importer. */
export function callbackWords({ verdict }: Pick<Importer, 'verdict'>): string {
  switch (verdict.kind) {
    case 'absent':
      return 'has no callback';
    case 'stub':
      return verdict.only === 'warns' ? 'only warns' : 'does nothing';
    case 'unmaps':
      return 'unmaps';
    case 'blocks-access':
      return verdict.how;
    case 'never-unmaps':
      return 'does not unmap';
    case 'defers':
    case 'opaque':
      return 'not known';
  }
}

/** The drivers outside the importer's own folder that use its ops, by the names of their folders. */
export function userNames({ usedBy, table }: Pick<Importer, 'usedBy' | 'table'>): readonly string[] {
  const own = folderOf(table.path);
  const others = usedBy.map(({ file }) => folderOf(file)).filter((folder) => folder !== own);
  return [...new Set(others.map((folder) => folder.slice(folder.lastIndexOf('/') + 1)))].sort();
}

/** Names as English lists them: `a`, `a and b`, `a, b and c`. */
export function listWords(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function usersOf(importer: Importer): readonly PhrasingContent[] {
  const names = userNames(importer);
  return names.length > 0 ? [text(`, for ${listWords(names)}`)] : [];
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
