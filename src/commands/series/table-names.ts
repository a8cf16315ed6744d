import { keyOfOps } from '../../contract/index.js';
import { driverOf } from '../../docs/drivers/driver-name.js';
import { type Label, labelsOf } from '../../docs/drivers/labels.js';
import type { SourceTree } from '../../input/tree/tree.js';
import type { JudgedSeries, TreeFacts } from '../../lint/index.js';
import type { TableName, TableNames } from '../../report/series/table-names.js';

/** What people call the importers and exporters of the trees before and after a series, as the documentation names them. */
export function tableNamesOf({ series, patches, start, end }: JudgedSeries): TableNames {
  const before = series.baseTree;
  const after = patches.at(-1)?.tree() ?? before;
  return new Map([...(start ? namesIn(start, before) : []), ...(end ? namesIn(end, after) : [])]);
}

function namesIn({ inventory, testFiles }: TreeFacts, tree: SourceTree): TableNames {
  const { importers, staticImporters, exporters } = inventory;
  const isTest = (file: string): boolean => testFiles.includes(file);
  const named = [importers, exporters].flatMap((tables) => {
    const labels = labelsOf(tree, tables);
    return tables.map((table) => {
      const key = keyOfOps(table);
      return [key, nameOf(labels.get(key), table.ops, isTest(table.file))] as const;
    });
  });
  const statics = staticImporters.map(({ file, function: name }) => {
    const own = `${name ?? ''}()`;
    return [`${file}:${own}`, nameOf({ drivers: [driverOf(tree, file)], ops: own }, own, isTest(file))] as const;
  });
  return new Map([...named, ...statics]);
}

/** @param own the name of the ops table or function */
function nameOf(label: Label | undefined, own: string, isTest: boolean): TableName {
  const { drivers, ops } = label ?? { drivers: [], ops: own };
  const mark = isTest ? ' (test code)' : '';
  const all = drivers.join(', ');
  return {
    short: `${ops === null ? all : own}${mark}`,
    full: `${drivers.length > 0 ? `${all} (${own})` : own}${mark}`,
  };
}
