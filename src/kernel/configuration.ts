/**
 * Whether the condition of an `#if` asks for nothing but the configuration of a kernel. Any other that is not decided asks
 * what a kernel has, or which one it is: code under it is meant for some kernels only.
 */
export function asksOnlyConfiguration(condition: string): boolean {
  const words = condition.match(/[A-Za-z_]\w*/g) ?? [];
  return words.every((word) => preprocessorWords.has(word) || /^CONFIG_\w+$/.test(word));
}

/** Words of directives, and the macros that ask for an option. Source: include/linux/kconfig.h. */
const preprocessorWords: ReadonlySet<string> = new Set([
  ...['if', 'ifdef', 'ifndef', 'elif', 'elifdef', 'elifndef', 'else', 'defined', 'of'],
  ...['IS_ENABLED', 'IS_BUILTIN', 'IS_MODULE', 'IS_REACHABLE'],
]);

/** The option that `IS_ENABLED(CONFIG_A)` asks for; undefined for any other expression. Source: include/linux/kconfig.h. */
export function optionAsked(expression: string): string | undefined {
  return /^IS_ENABLED\((CONFIG_\w+)\)$/.exec(expression)?.[1];
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
