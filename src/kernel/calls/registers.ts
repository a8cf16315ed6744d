import { nameTable } from '../names.js';

const source = 'include/asm-generic/io.h, include/linux/iopoll.h';
const addressFirst = nameTable({
  topic: 'reads of registers',
  source,
  names: ['read{b,w,l,q}{,_relaxed}', 'ioread{8,16,32,64}{,be}', 'read{b,w,l,q}_*poll_timeout*'],
});
const addressSecond = nameTable({
  topic: 'writes to registers',
  source,
  names: ['write{b,w,l,q}{,_relaxed}', 'iowrite{8,16,32,64}{,be}'],
});

/** Index, 0-based, of the address in a call that reads or writes a register; undefined for any other call. */
export function registerArgument(name: string): number | undefined {
  return addressFirst.has(name) ? 0 : addressSecond.has(name) ? 1 : undefined;
}
