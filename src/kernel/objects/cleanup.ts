/** Scope-based cleanup. Source: include/linux/cleanup.h. */

/** Hands out what `__free()` would release: the variable is empty afterwards. */
export const noFreePointer = 'no_free_ptr';

/** Returns it: `return no_free_ptr(p)`. */
export const returnPointer = 'return_ptr';

/** All that hand out what a variable holds and leave it empty. take_fd() is that of include/linux/file.h. */
export const takers: ReadonlySet<string> = new Set([noFreePointer, 'retain_and_null_ptr', 'take_fd']);

/**
 * `CLASS(x, var)(args)` declares a variable. The table leads from the x to the function that makes the value. Source:
 * include/linux/file.h.
 */
export const classMakers: ReadonlyMap<string, string> = new Map([['get_unused_fd', 'get_unused_fd_flags']]);

/** The macro that declares such a variable. */
export const classMacro = 'CLASS';

/** The macros by which the kernel defines a `__free(name)` and a `guard(name)`. */
export const freeDefinition = 'DEFINE_FREE';
export const guardDefinition = 'DEFINE_GUARD';

const attributes = /\b__free\s*\(|\b(?:__)?cleanup(?:__)?\s*\(/;

/** Whether code declares a variable that is released when its scope ends. Source: include/linux/cleanup.h. */
export function declaresCleanup(code: string): boolean {
  return attributes.test(code);
}
