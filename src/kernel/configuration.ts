/**
 * Whether the condition of an `#if` asks for nothing but the configuration of a kernel. Any other that is not decided asks
 * what a kernel has, or which one it is: code under it is meant for some kernels only.
 */
export function asksOnlyConfiguration(condition: string): boolean {
  const words = condition.match(/[A-Za-z_]\w*/g) ?? [];
  return words.every((word) => preprocessorWords.has(word) || isOption(word));
}

/** Whether a name is that of an option of the kernel's configuration: no file defines it. */
export const isOption = (name: string): boolean => /^CONFIG_\w+$/.test(name);

/** Words of directives, and the macros that ask for an option. Source: include/linux/kconfig.h. */
const preprocessorWords: ReadonlySet<string> = new Set([
  ...['if', 'ifdef', 'ifndef', 'elif', 'elifdef', 'elifndef', 'else', 'defined', 'of'],
  ...['IS_ENABLED', 'IS_BUILTIN', 'IS_MODULE', 'IS_REACHABLE'],
]);

/**
 * What the macros ask that ask for an option, in words of the preprocessor: a module's option has a symbol of its own.
 * Source: include/linux/kconfig.h.
 */
const optionMacros: ReadonlyMap<string, (option: string) => string> = new Map([
  ['IS_BUILTIN', (option) => `defined ${option}`],
  ['IS_MODULE', (option) => `defined ${option}_MODULE`],
  ['IS_ENABLED', (option) => `defined ${option} || defined ${option}_MODULE`],
  ['IS_REACHABLE', (option) => `defined ${option} || (defined ${option}_MODULE && defined MODULE)`],
]);

/** What `IS_ENABLED(CONFIG_A)` and its like ask, as a condition of an `#if`; undefined for any other expression. */
export function optionAsked(expression: string): string | undefined {
  const [, macro = '', option = ''] = /^(IS_\w+)\((CONFIG_\w+)\)$/.exec(expression) ?? [];
  return optionMacros.get(macro)?.(option);
}

/** The symbol that is defined where an option is built as a module. Source: include/linux/kconfig.h. */
export const moduleSymbol = (option: string): string => `${option}_MODULE`;

/** Finds in a file that somebody asks whether an option is built as a module: then it can be. */
export function asksForModule(code: string, option: string): boolean {
  return new RegExp(`\\b(?:${option}_MODULE|(?:IS_MODULE|IS_REACHABLE)\\s*\\(\\s*${option})\\b`).test(code);
}

/** The headers of the kernel's test frameworks. Drivers include them, too: for stubs, or for tests under an `#if`. */
export const testHeaders: ReadonlySet<string> = new Set(['kunit/test.h']);

/** Finds what only a test has: its context as a type, and the list of its cases. Source: include/kunit/test.h. */
export const definesTests = /\bstruct\s+kunit(?:_case|_suite)?\b/g;

/** Whether a condition asks for an option that builds tests: `#if IS_ENABLED(CONFIG_FOO_KUNIT_TEST)`. */
export function asksForTestCode(condition: string): boolean {
  return /\bCONFIG_\w*(?:SELFTEST|KUNIT)/.test(condition) && !/^#(?:else|ifndef)/.test(condition);
}

/**
 * The headers that a module which supports several kernels asks what this one has, by names like HAVE_DMA_BUF_PIN: those that
 * say what drivers may call of the API, its lock and its kernel mappings.
 */
export const askedHeaders: readonly string[] = [
  'include/linux/dma-buf.h',
  'include/linux/dma-resv.h',
  'include/linux/iosys-map.h',
];
