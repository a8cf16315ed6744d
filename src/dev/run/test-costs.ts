import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The processor time of files of tests, in seconds, by their paths in what the compiler writes. */
export type Costs = ReadonlyMap<string, number>;

const table = fileURLToPath(new URL('../../../../src/dev/run/test-costs.json', import.meta.url));

/** What a file costs that is not in the table: all that cost less are left out of it. In seconds. */
const little = 0.2;

/** The recorded costs. They decide only what runs when and beside what, so it does no harm if they are old. */
export const readCosts = (): Costs => new Map(Object.entries(JSON.parse(readFileSync(table, 'utf8'))));

/** What a file costs, in seconds. @param path as in the table */
export const costOf = (costs: Costs, path: string): number => costs.get(path) ?? little;

/** Writes the table, the files that cost most first, without those that are gone. @param built where they are */
export function writeCosts(costs: Costs, built: string): void {
  const rows = [...costs]
    .filter(([path]) => existsSync(join(built, path)))
    .map(([path, seconds]) => [path, Number(seconds.toFixed(1))] as const)
    .filter(([, seconds]) => seconds > little)
    .sort(([onePath, one], [otherPath, other]) => other - one || (onePath < otherPath ? -1 : 1));
  writeFileSync(table, `${JSON.stringify(Object.fromEntries(rows), undefined, 2)}\n`);
}
