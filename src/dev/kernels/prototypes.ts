/** A function as a header declares it, or a source file defines it. */
export interface Prototype {
  readonly name: string;
  /** `struct dma_buf *`. */
  readonly result: string;
  /** With names where the header has them: `struct dma_buf *dmabuf`. Empty for `void`. */
  readonly parameters: readonly string[];
}

const prototype =
  /^((?:static inline |extern )?(?:const )?(?:struct |enum |unsigned )?\w+[\s*]+)(\w+)\(([^()]*)\)(?=\s*(?:;|\{|__\w+))/gm;

/**
 * Reads the functions that a C text declares or defines at the left margin. No C parser: enough for the kernel's headers.
 * @param text with comments
 */
export function prototypesIn(text: string): ReadonlyMap<string, Prototype> {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\b__must_check\b/g, '');
  return new Map(
    [...code.matchAll(prototype)].map(([, before = '', name = '', list = '']) => {
      const result = tidy(before.replace(/^(?:static inline|extern) /, ''));
      const parameters = list.split(',').map(tidy);
      return [name, { name, result, parameters: parameters.filter((parameter) => parameter && parameter !== 'void') }];
    }),
  );
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
