import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A copy of a kernel in which files are edited, so that what a scan takes after an edit can be measured. */
export interface EditedTree {
  readonly folder: string;
  /** Adds a function that uses the API at the end of a driver. */
  addFunction(): void;
  /** Adds a line at the top of a driver, which moves all that the driver has. */
  addLine(): void;
  /** Changes a file that no analysis reads: it is only searched. */
  editElsewhere(): void;
}

/** Copies a kernel. @throws where that cannot be done */
export function editedTree(kernel: string, folder: string): EditedTree {
  const { status, stderr } = spawnSync('cp', ['-a', '--reflink=auto', kernel, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cannot copy ${kernel}: ${stderr}`);
  const driver = join(folder, 'drivers/dma-buf/udmabuf.c');
  let edits = 0;
  return {
    folder,
    addFunction() {
      edits++;
      const body = '\treturn dma_buf_pin(attach);\n';
      appendFileSync(driver, `\nint bench_${edits}(struct dma_buf_attachment *attach)\n{\n${body}}\n`);
    },
    addLine() {
      writeFileSync(driver, `/* a line */\n${readFileSync(driver, 'utf8')}`);
    },
    editElsewhere: () => appendFileSync(join(folder, 'kernel/fork.c'), '/* a line */\n'),
  };
}
