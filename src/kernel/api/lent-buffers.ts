/** A function that is lent a buffer: its caller puts its own reference as soon as the function has returned. */
interface Loan {
  /** What the function returns, and the types of its parameters. */
  readonly returns: RegExp;
  readonly takes: readonly RegExp[];
  /** The function that lends. */
  readonly caller: string;
}

/** Source: drivers/gpu/drm/drm_prime.c, where drm_gem_prime_fd_to_handle() puts what it gave to `gem_prime_import`. */
const loans: readonly Loan[] = [
  {
    returns: /\bstruct\s+drm_gem_object\s*\*$/,
    takes: [/\bstruct\s+drm_device\s*\*$/, /\bstruct\s+dma_buf\s*\*$/],
    caller: 'drm_gem_prime_fd_to_handle',
  },
];

/**
 * The function that lends a buffer to functions of a shape, and puts it when they return.
 * @param returns the type that the function returns
 * @param takes the types of its parameters
 */
export function lenderOf(returns: string, takes: readonly string[]): string | undefined {
  const fits = ({ returns: result, takes: types }: Loan): boolean =>
    result.test(returns.trim()) && types.length === takes.length && types.every((type, n) => type.test(takes[n] ?? ''));
  return loans.find(fits)?.caller;
}
