/**
 * Functions that install a descriptor for a buffer that they find themselves, and store its number where an argument says:
 * by name, the argument, 0-based. They return 0 or an error. Source: drm_gem_prime_handle_to_fd() in
 * drivers/gpu/drm/drm_prime.c.
 */
export const descriptorInstalls: ReadonlyMap<string, number> = new Map([['drm_gem_prime_handle_to_fd', 4]]);
