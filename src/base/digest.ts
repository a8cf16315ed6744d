import { createHash } from 'node:crypto';

/**
 * Each text that is read gets a digest: BLAKE2 takes a quarter of the time of SHA-256 where the processor has no
 * instructions for the latter. OpenSSL in FIPS mode has SHA-256 only.
 */
const algorithm = ['blake2b512', 'sha256'].find(isThere) ?? 'sha256';

function isThere(name: string): boolean {
  try {
    return createHash(name).digest().length > 0;
  } catch {
    return false;
  }
}

/**
 * A short digest. Two texts that a person or a tool makes have different ones.
 * It is for what one machine keeps: another one may make others.
 */
export function shortDigest(...parts: readonly string[]): string {
  const hash = createHash(algorithm);
  for (const part of parts) {
    // V8 knows of most texts that they have no such character, and copies them byte by byte, which takes half the time.
    if (/[^\0-\xff]/.test(part)) hash.update(part, 'utf8').update('\0u');
    else hash.update(part, 'latin1').update('\0');
  }
  return hash.digest('base64').slice(0, 22);
}

/** The last texts with their digests: several floors ask for that of a text that was just read. */
const lately: { readonly text: string; readonly digest: string }[] = [];
const mostLately = 16;

/** The digest of a text, as {@link shortDigest} makes it. It is fast for a text that was asked about a moment ago. */
export function digestOfText(text: string): string {
  for (const known of lately) if (known.text === text) return known.digest;
  const digest = shortDigest(text);
  if (lately.length >= mostLately) lately.shift();
  lately.push({ text, digest });
  return digest;
}
