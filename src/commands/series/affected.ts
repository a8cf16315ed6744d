import { driverOf } from '../../docs/drivers/driver-name.js';
import { maintainersOf } from '../../docs/maintainers.js';
import { newFindings, type SeriesOutcome, type TreeFacts } from '../../lint/index.js';
import type { Affected, AffectedTable } from '../../report/series/affected.js';
import { judgedChanges } from '../../report/series/judged-changes.js';
import { tableNamesOf } from './table-names.js';

/** The most files of drivers that are looked up. */
const mostFiles = 200;

/**
 * Whom a series concerns besides those whose files it changes: a series that changes what an exporter does may break a
 * driver that is merged by somebody else.
 */
export async function affectedBy(outcome: SeriesOutcome): Promise<Affected> {
  const { series, start, end } = outcome.judged;
  if (!start || !end) return { tables: [], tell: [], names: new Map() };
  const names = tableNamesOf(outcome.judged);
  const found = tablesOutside(outcome, { start, end });
  const files = [...new Set(found.flatMap(({ file, users }) => [file, ...users]))].slice(0, mostFiles);
  const read = await makefiles(files, (path) => series.baseText(path));
  const tables = found.map(({ name, file, users }): AffectedTable => {
    const own = driverOf(read, file);
    const drivers = [...new Set(users.map((path) => driverOf(read, path)))].filter((driver) => driver !== own);
    return { name, file, drivers: drivers.sort() };
  });
  if (files.length === 0) return { tables, tell: [], names };
  const maintainers = (await series.baseText('MAINTAINERS')) ?? '';
  const told = addressesOf(outcome);
  return { tables, tell: maintainersOf(maintainers, files).filter((person) => !told.has(addressOf(person))), names };
}

/** A table, and the files of the drivers that use it. */
interface FoundTable {
  readonly name: string;
  readonly file: string;
  readonly users: readonly string[];
}

function tablesOutside(
  outcome: SeriesOutcome,
  { start, end }: { readonly start: TreeFacts; readonly end: TreeFacts },
): readonly FoundTable[] {
  const changed = new Set(
    outcome.judged.patches.flatMap(({ patch }) => patch.changes.flatMap(({ path, oldPath }) => [path, oldPath])),
  );
  const names = new Map<string, FoundTable>();
  const add = (name: string, file: string | null): void => {
    if (file === null || changed.has(file) || names.has(`${file}:${name}`)) return;
    const table = end.inventory.importers.find((one) => one.ops === name && one.file === file);
    const users = [...new Set(table?.usedBy.map((use) => use.file) ?? [])];
    names.set(`${file}:${name}`, { name, file, users });
  };
  const { contract, negotiation } = judgedChanges(outcome.judged);
  for (const { kind, name, file } of contract) if (kind !== 'dialect') add(name, file);
  for (const { after } of negotiation.cells)
    for (const key of [after.importer, after.exporter]) {
      const at = key.lastIndexOf(':');
      if (at > 0) add(key.slice(at + 1), key.slice(0, at));
    }
  // A patch that does not apply to a file says nothing of what is in it.
  const unknown = new Set(outcome.judged.patches.flatMap(({ patch }) => patch.failures.map(({ path }) => path)));
  for (const { file, mark } of newFindings(outcome)) {
    if (unknown.has(file)) continue;
    // Rules on series put what they are about before the function or table: `dma_buf_attach:foo_open`.
    const name = mark.subject.slice(mark.subject.lastIndexOf(':') + 1);
    const isStatic = start.inventory.staticImporters.some((one) => one.file === file && one.function === name);
    if (/\.[ch]$/.test(file)) add(isStatic ? `${name}()` : name, file);
  }
  return [...names.values()];
}

/** Reads the Makefiles that may name some files. */
async function makefiles(
  files: readonly string[],
  text: (path: string) => Promise<string | null>,
): Promise<{ read(path: string): string | undefined }> {
  const wanted = new Set<string>();
  for (const file of files) {
    const parts = file.split('/');
    for (let depth = parts.length - 1; depth >= Math.max(1, parts.length - 3); depth--)
      wanted.add(`${parts.slice(0, depth).join('/')}/Makefile`);
  }
  const texts = new Map<string, string>();
  for (const path of wanted) {
    const found = await text(path);
    if (found !== null) texts.set(path, found);
  }
  return { read: (path) => texts.get(path) };
}

/** The addresses of all who wrote or got the mails, in small letters. */
function addressesOf({ judged: { series } }: SeriesOutcome): ReadonlySet<string> {
  const mails = [...(series.cover ? [series.cover] : []), ...series.patches];
  const people = mails.flatMap(({ author, envelope }) => [
    author,
    ...(envelope ? [...envelope.sender, ...envelope.others] : []),
  ]);
  return new Set(people.map(addressOf));
}

function addressOf(person: string): string {
  return (/<([^<>]*)>/.exec(person)?.[1] ?? person).trim().toLowerCase();
}
