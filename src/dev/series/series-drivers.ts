import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixturesFolder } from '../examples/example-tree.js';
import { type Draft, type PatchPlan, replaceIn } from './commit-drafts.js';

interface Driver {
  readonly name: string;
  readonly header: string;
  readonly kconfig: string;
  /** The entry of MAINTAINERS, and the one that it stands before. */
  readonly title: string;
  readonly next: string;
  /** How its ioctl numbers are registered, and what they are put after. */
  readonly ioctls?: { readonly line: string; readonly after: RegExp };
}

const barshare: Driver = {
  name: 'barshare',
  header: 'include/uapi/linux/barshare.h',
  kconfig: `config BARSHARE
	tristate "Share PCI BARs with other devices"
	depends on PCI && DMABUF_MOVE_NOTIFY
	help
	  Hands parts of a PCI BAR to other devices as dma-bufs, and takes
	  them back when the device is closed or unplugged. Only devices
	  that can let go of them are served.

	  If unsure, say N.
`,
  title: 'BARSHARE DRIVER',
  next: 'BATMAN ADVANCED',
  ioctls: {
    line: '0xB8  20-2F  uapi/linux/barshare.h                                   <mailto:zoe@example.org>\n',
    after: /^0xB8 {2}01-02 .*\n/m,
  },
};

const memwin: Driver = {
  name: 'memwin',
  header: 'include/uapi/linux/memwin.h',
  kconfig: `config MEMWIN
	tristate "Windows onto the memory of other devices"
	depends on PCI && 64BIT && DMA_SHARED_BUFFER
	help
	  Lets a network card read and write the memory of other devices
	  through dma-bufs. The memory is pinned while a window shows it,
	  and the window is closed when its owner takes the memory back.

	  If unsure, say N.
`,
  title: 'MEMWIN DRIVER',
  next: 'MEN A21 WATCHDOG DRIVER',
  ioctls: {
    line: '0xB8  30-3F  uapi/linux/memwin.h                                     <mailto:zoe@example.org>\n',
    after: /^0xB8 {2}(?:01-02|20-2F) .*\n(?!0xB8)/m,
  },
};

const framepool: Driver = {
  name: 'framepool',
  header: 'include/linux/framepool.h',
  kconfig: `config FRAMEPOOL
	tristate
	select DMA_SHARED_BUFFER
	help
	  Camera frames as dma-bufs that can be moved out of fast memory.
`,
  title: 'FRAMEPOOL',
  next: 'FREESCALE CAAM (Cryptographic Acceleration and Assurance Module) DRIVER',
};

/** An exporter that revokes correctly. */
export const addExporter: PatchPlan = {
  subject: 'misc: add barshare, which lends PCI BARs to other devices',
  body: `
The driver hands parts of a BAR out as dma-bufs. When its user closes the
device, or when the device is unplugged, the BAR must not be accessed any
more: all buffers are revoked. Importers that cannot let go are refused.`,
  edit: (draft) => addDriver(draft, barshare),
};

/** The same exporter without the check: it accepts every importer. */
export const addExporterUnchecked: PatchPlan = {
  ...addExporter,
  edit: (draft) => addDriver(draft, barshare, (source) => cut(source, revocableTest)),
};

/** Adds the check that \`addExporterUnchecked\` leaves out. */
export const askInExporter: PatchPlan = {
  subject: 'misc: barshare: refuse importers that cannot let go',
  body: `
Now that there is a way to ask, refuse importers that would go on using
the BAR after it was revoked.`,
  edit: (draft) => draft.write('drivers/misc/barshare.c', ownFile('barshare.c')),
};

/** An importer that pins, and releases the buffer when it is invalidated. */
export const addImporter: PatchPlan = {
  subject: 'misc: add memwin, windows onto the memory of other devices',
  body: `
The driver lets a network card access the memory behind a dma-buf. The card
cannot take a fault, so the memory is pinned. When it is revoked the window
is closed, which ends all access, and does not come back.`,
  edit: (draft) => addDriver(draft, memwin),
};

/** The same importer, but it leaks the pin when the mapping fails. */
export const addImporterLeaky: PatchPlan = {
  ...addImporter,
  edit: (draft) =>
    addDriver(draft, memwin, (source) => swap(source, 'goto err_unpin;', 'goto out_unlock;', 'err_unpin:\n')),
};

/** Mends \`addImporterLeaky\`. */
export const mendImporter: PatchPlan = {
  subject: 'misc: memwin: unpin what cannot be mapped',
  body: `
The pin is left behind where the mapping fails, and the exporter can never
move that memory again.`,
  edit: (draft) => draft.write('drivers/misc/memwin.c', ownFile('memwin.c')),
};

/** The same, but the reservation lock is taken only after the pin. */
export const addImporterUnlocked: PatchPlan = {
  ...addImporter,
  edit: (draft) => addDriver(draft, memwin, pinBeforeLock),
};

/** A patch from another tree: a new caller of the old name. */
export const addOldNameUser: PatchPlan = {
  subject: 'misc: add framepool, camera frames that can move',
  body: `
Frames are kept in fast memory while there is enough of it, and moved to
ordinary pages otherwise. Importers are told before.`,
  edit: (draft) => addDriver(draft, framepool),
};

const revocableTest = `	/* Whoever cannot let go must not get hold of the BAR. */
	if (!dma_buf_attach_revocable(attach))
		return -EOPNOTSUPP;

`;

function pinBeforeLock(source: string): string {
  const locked = `	dma_resv_lock(resv, NULL);
	ret = dma_buf_pin(attach);
	if (ret)
		goto out_unlock;
`;
  const unlocked = `	ret = dma_buf_pin(attach);
	if (ret)
		return ret;

	dma_resv_lock(resv, NULL);
`;
  return swap(source, locked, unlocked, 'out_unlock:\n');
}

/** Adds a driver to drivers/misc, with its Kconfig, Makefile and other entries. */
function addDriver(draft: Draft, driver: Driver, change: (source: string) => string = (source) => source): void {
  const { name, header, kconfig, title, next, ioctls } = driver;
  draft.write(`drivers/misc/${name}.c`, change(ownFile(`${name}.c`)));
  draft.write(header, ownFile(`${name}.h`));
  const neighbour = 'source "drivers/misc/c2port/Kconfig"\n';
  replaceIn(draft, 'drivers/misc/Kconfig', neighbour, `${kconfig}\n${neighbour}`);
  const makefile = 'drivers/misc/Makefile';
  draft.write(makefile, `${draft.read(makefile)}obj-$(CONFIG_${name.toUpperCase()})\t\t+= ${name}.o\n`);
  const owner = 'M:\tZoë Driver <zoe@example.org>\nL:\tlinux-kernel@vger.kernel.org\nS:\tMaintained\n';
  const entry = `${title}\n${owner}F:\tdrivers/misc/${name}.c\nF:\t${header}\n`;
  replaceIn(draft, 'MAINTAINERS', `\n${next}\n`, `\n${entry}\n${next}\n`);
  if (ioctls) {
    const numbers = 'Documentation/userspace-api/ioctl/ioctl-number.rst';
    replaceIn(draft, numbers, ioctls.after, `$&${ioctls.line}`);
  }
}

/** Replaces texts. Each must be present; a text without a replacement is removed. */
function swap(source: string, before: string, after: string, ...gone: readonly string[]): string {
  if (!source.includes(before)) throw new Error(`the driver has no ${before}`);
  return gone.reduce(cut, source.replace(before, after));
}

function cut(source: string, gone: string): string {
  if (!source.includes(gone)) throw new Error(`the driver has no ${gone}`);
  return source.replace(gone, '');
}

function ownFile(name: string): string {
  return readFileSync(join(fixturesFolder, 'series', name), 'utf8');
}
