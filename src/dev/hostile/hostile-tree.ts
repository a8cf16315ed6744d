import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { coreFiles, fixturesFolder } from '../examples/example-tree.js';
import { hostilePieces } from '../fuzz/fuzz-inputs.js';
import { hostileNames } from '../names/hostile-names.js';

/** Writes a kernel tree in which everything that a stranger controls is hostile. @param root a folder that does not exist */
export function writeHostileTree(root: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const path of coreFiles) cpSync(join(fixturesFolder, 'invalidate-mappings', path), join(root, path));
  const stub = readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8');
  for (const [index, name] of fileNames().entries())
    write(`drivers/${name}/${name}.c`, stub.replaceAll('odd_', `odd${index}_`));
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
    write(`drivers/${name}/${name}.c`, stub.replaceAll('odd_ops', name).replaceAll('odd_', `${name}_`));
  write('drivers/pieces.c', `#include <linux/dma-buf.h>\n${hostilePieces.join('\n')}\n`);
  write('drivers/deep.c', `#include <linux/dma-buf.h>\nint deep(void)\n{\n\treturn ${'('.repeat(20_000)}1;\n}\n`);
  write(
    'drivers/comments.c',
    `/* dma_buf ${'move_notify '.repeat(500)}*/\n${'/* dmabuf-lint: ignore x */\n'.repeat(500)}`,
  );
  write('drivers/nul.c', `#include <linux/dma-buf.h>\n\0\0\0 dma_buf_pin(x); \ud800\n`);
  write('.gitattributes', '*.c binary\n* filter=evil\n');
  write('.gitignore', '/*\n');
  write(
    'MAINTAINERS',
    `DMA BUFFER SHARING FRAMEWORK\nM:\t${'\u001b'}[2J <x@example.org>\n${'F:\tdrivers/\n'.repeat(500)}`,
  );
  const links: Readonly<Record<string, string>> = {
    'drivers/circle.c': 'circle.c',
    'drivers/device.c': '/dev/zero',
    'drivers/outside.c': '/etc/passwd',
    'drivers/up': '../..',
    Documentation: '/tmp',
    'dmabuf-lint-baseline.jsonl': '/dev/zero',
  };
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path));
}

/** The hostile names that a file may have here. */
function fileNames(): readonly string[] {
  return hostileNames.map((name) => name.replace(/[/\0]/g, '_')).filter((name) => Buffer.byteLength(name) < 200);
}
