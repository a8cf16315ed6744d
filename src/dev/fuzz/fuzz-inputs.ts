import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { filesBelow, fixturesFolder } from '../examples/example-tree.js';

/** Pieces of hostile input. Each means something to one of our parsers. */
export const hostilePieces: readonly string[] = [
  '\0',
  '\u001b[2J',
  '\u202e',
  '\u2066',
  '\ud800',
  '\r',
  '\r\n',
  '\\\n',
  '/*',
  '*/',
  '//',
  '"',
  "'",
  '#if 0\n',
  '#else\n',
  '#endif\n',
  '#define A(x) A(A(x))\n',
  '#include "../../../../etc/passwd"\n',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  'goto err;',
  'err:',
  'dma_buf_pin(attach);',
  'dma_buf_unpin(attach);',
  'dma_buf_dynamic_attach(dmabuf, dev, &ops, priv)',
  'static const struct dma_buf_attach_ops ops = {',
  'static const struct dma_buf_ops ops = {',
  '/* dmabuf-lint: ignore',
  '-- ',
  '%n%s',
  '<script>',
  '@@ -1,999999999999 +1,999999999999 @@\n',
  '--- a/../../../etc/passwd\n',
  '+++ b//etc/passwd\n',
  'diff --git a/x b/y\n',
  'rename from ../x\n',
  'new file mode 120000\n',
  'GIT binary patch\nliteral 99999999\n',
  'From \n',
  'From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n',
  'Subject: [PATCH 999999999/1] \u001b]0;x\u0007\n',
  'Content-Transfer-Encoding: base64\n\n',
  'Content-Type: multipart/mixed; boundary=""\n\n',
];

type Mutation =
  | { readonly kind: 'insert'; readonly at: number; readonly piece: string; readonly times: number }
  | { readonly kind: 'delete'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly times: number }
  | { readonly kind: 'flip'; readonly at: number; readonly code: number };

/** A position as a fraction of the text, so that a mutation fits every text. */
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

/** How far a mutation goes: how often a piece is inserted or repeated at most, and how much is repeated or deleted. */
interface Reach {
  readonly inserts: number;
  readonly repeats: number;
  readonly length: number;
  readonly deleted: number;
}

/** Mutations that also try what size does, and mutations after which a text is still short, so that many can be tried. */
const far: Reach = { inserts: 3000, repeats: 60, length: 400, deleted: 2000 };
const near: Reach = { inserts: 12, repeats: 4, length: 60, deleted: 60 };

const mutationsOf = (reach: Reach, pieces: readonly string[]): fc.Arbitrary<Mutation> =>
  fc.oneof(
    fc.record({
      kind: fc.constant('insert' as const),
      at: place,
      piece: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pieces) }, fc.string({ unit: 'binary' })),
      times: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: reach.inserts })),
    }),
    fc.record({ kind: fc.constant('delete' as const), at: place, length: fc.integer({ min: 1, max: reach.deleted }) }),
    fc.record({
      kind: fc.constant('repeat' as const),
      at: place,
      length: fc.integer({ min: 1, max: reach.length }),
      times: fc.integer({ min: 1, max: reach.repeats }),
    }),
    fc.record({ kind: fc.constant('flip' as const), at: place, code: fc.integer({ min: 0, max: 255 }) }),
  );

/** Mutated texts are cut to this length: longer ones take longer and find nothing more. */
const longest = 1 << 20;

function mutate(text: string, mutations: readonly Mutation[]): string {
  let result = text;
  for (const one of mutations) {
    const at = Math.floor(one.at * result.length);
    const [head, tail] = [result.slice(0, at), result.slice(at)];
    if (one.kind === 'insert') result = head + one.piece.repeat(one.times) + tail;
    else if (one.kind === 'delete') result = head + tail.slice(one.length);
    else if (one.kind === 'repeat') result = head + tail.slice(0, one.length).repeat(one.times) + tail;
    else result = head + String.fromCharCode(one.code) + tail.slice(1);
    result = result.slice(0, longest);
  }
  return result;
}

/** One of some texts, with a few mutations. */
export function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  return mutatedBy(mutationsOf(far, hostilePieces), texts);
}

/** The same with mutations that leave it short. @param pieces what is inserted beside the usual pieces */
export function mutatedLittle(texts: readonly string[], pieces: readonly string[] = []): fc.Arbitrary<string> {
  // What one format reads is worth as much as all that the others do.
  const all = [...hostilePieces, ...pieces, ...pieces, ...pieces];
  return mutatedBy(mutationsOf(near, all), texts);
}

function mutatedBy(mutation: fc.Arbitrary<Mutation>, texts: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(mutation, { minLength: 0, maxLength: 8 }))
    .map(([text, mutations]) => mutate(text, mutations));
}

/** The C files of the fixture trees. */
export function fixtureSources(): readonly string[] {
  return ['invalidate-mappings', 'move-notify', 'marker-field', 'paths'].flatMap((tree) =>
    filesBelow(join(fixturesFolder, tree))
      .filter((path) => /\.[ch]$/.test(path))
      .map((path) => readFileSync(join(fixturesFolder, tree, path), 'utf8')),
  );
}
