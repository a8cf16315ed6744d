import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { errorCode } from '../../base/errors.js';
import { OutputError, whyNotWritten } from '../../base/write-files.js';
import type { Entry } from '../git/repository.js';

/** Git's formats of object names. */
export type ObjectFormat = 'sha1' | 'sha256';

/** The private repository of a series: objects are written without starting git for each of them. */
export interface ObjectStore {
  /** Writes a file. @returns the name of its object */
  blob(bytes: Buffer): string;
  /** Writes a tree with these files, by their paths. @returns the name of its object */
  tree(entries: ReadonlyMap<string, Entry>): string;
}

/**
 * Makes a bare repository that has no commits, as `git init --bare` does.
 * @param repository a folder that does not exist yet
 * @param objects object stores that it borrows from
 * @throws OutputError where the disk is full or cannot be written; so do the functions of the store
 */
export function makeObjectStore(repository: string, format: ObjectFormat, objects: readonly string[]): ObjectStore {
  const put = (path: string, content: string | Buffer): void => writing(repository, () => writeFileSync(path, content));
  const make = (folder: string): void => writing(repository, () => mkdirSync(folder, { recursive: true }));
  for (const folder of ['objects/info', 'objects/pack', 'refs/heads']) make(join(repository, folder));
  put(join(repository, 'HEAD'), 'ref: refs/heads/series\n');
  const version = format === 'sha1' ? 0 : 1;
  const extension = format === 'sha1' ? '' : `[extensions]\n\tobjectFormat = ${format}\n`;
  const config = `[core]\n\trepositoryFormatVersion = ${version}\n\tbare = true\n${extension}`;
  put(join(repository, 'config'), config);
  put(join(repository, 'objects', 'info', 'alternates'), objects.map((path) => `${path}\n`).join(''));
  const write = (kind: 'blob' | 'tree', content: Buffer): string => {
    const bytes = Buffer.concat([Buffer.from(`${kind} ${content.length}\0`), content]);
    const name = createHash(format).update(bytes).digest('hex');
    const folder = join(repository, 'objects', name.slice(0, 2));
    const path = join(folder, name.slice(2));
    if (existsSync(path)) return name;
    make(folder);
    put(`${path}.new`, deflateSync(bytes, { level: 1 }));
    renameSync(`${path}.new`, path);
    return name;
  };
  return {
    blob: (bytes) => write('blob', bytes),
    tree: (entries) => writeTree([...entries], (content) => write('tree', content)),
  };
}

/** Says where there was no room: the error of a full disk has no path. */
function writing(place: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new OutputError(`${place}: cannot be written: ${whyNotWritten(errorCode(error))}`);
  }
}

/** An entry with its path below the tree that is written. */
type Below = readonly [path: string, entry: Entry];

function writeTree(entries: readonly Below[], write: (content: Buffer) => string): string {
  const files: Item[] = [];
  const folders = new Map<string, Below[]>();
  for (const [path, { mode, blob }] of entries) {
    const slash = path.indexOf('/');
    if (slash < 0) files.push({ name: path, mode, object: blob });
    else {
      const name = path.slice(0, slash);
      const below = folders.get(name) ?? [];
      below.push([path.slice(slash + 1), { mode, blob }]);
      folders.set(name, below);
    }
  }
  const trees = [...folders].map(([name, below]): Item => ({ name, mode: '40000', object: writeTree(below, write) }));
  const items = [...files, ...trees].map((item) => ({ ...item, key: sortKey(item) }));
  items.sort((left, right) => Buffer.compare(left.key, right.key));
  return write(
    Buffer.concat(
      items.flatMap(({ name, mode, object }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(object, 'hex')]),
    ),
  );
}

interface Item {
  readonly name: string;
  readonly mode: string;
  readonly object: string;
}

/** Git sorts by bytes, a folder as if its name ended with a slash. */
function sortKey({ name, mode }: Item): Buffer {
  return Buffer.from(mode === '40000' ? `${name}/` : name);
}
