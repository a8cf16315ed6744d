import { nameTable } from '../names.js';

const source = 'include/linux/dev_printk.h';

/** The argument that is the error in a call that prints it and returns it, 0-based. */
const printedArgument = 1;

const numbers = nameTable({ topic: 'prints that return the error', source, names: ['{phy,}dev_{err,warn}_probe'] });
const pointers = nameTable({
  topic: 'prints that return an error pointer',
  source,
  names: ['dev_err_{ptr,cast}_probe'],
});

/** What a call returns that prints an error: the number that is its argument, by index, or an error pointer; null for any other call. */
export function errorPrintedBy(
  name: string,
): { readonly kind: 'argument'; readonly index: number } | { readonly kind: 'error-pointer' } | null {
  if (numbers.has(name)) return { kind: 'argument', index: printedArgument };
  return pointers.has(name) ? { kind: 'error-pointer' } : null;
}
