import { type Contract, type Importer, isTestCode } from '../../contract/index.js';
import { text } from '../nodes.js';
import type { FactRow } from './fact-row.js';
import { type Label, labelKey, labelNodes } from './labels.js';

/** The head of the table of importers. */
export const importerHead: readonly string[] = ['Importer', 'Pins', 'When called back', 'Revocable'];

/** The row of an importer: its driver, when it pins, what its callback does, whether it can follow. */
export function importerRow({ codebase }: Contract, importer: Importer, label: Label): FactRow {
  return {
    key: labelKey(label),
    cells: [
      labelNodes(label),
      [text(pinWords(codebase, importer))],
      [text(callbackWords(importer))],
      [text(statusWords[importer.status])],
    ],
  };
}

/** The item of an importer without ops: its driver. */
export function staticImporterRow(driver: string): FactRow {
  return { key: driver, cells: [[text(driver)]] };
}

/** A pin that only test code takes does not count. */
function pinWords(codebase: Contract['codebase'], { pins, pinUses }: Importer): Importer['pins'] {
  return pins === 'sometimes' && pinUses.every(({ use }) => isTestCode(codebase, use.place.file)) ? 'never' : pins;
}

const statusWords: Readonly<Record<Importer['status'], string>> = {
  revocable: 'yes',
  'declared-non-revocable': 'no, and marked',
  'undeclared-non-revocable': 'no, and not marked',
  unsafe: 'no, and maps without a pin',
  unknown: 'not known',
};

/** What the callback of an importer does, as the rest of a sentence about the importer. */
function callbackWords({ verdict }: Importer): string {
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
      return 'unmaps later';
    case 'opaque':
      return 'not known';
  }
}
