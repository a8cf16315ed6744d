import { isLike } from '../comments/likeness.js';
import { folded } from '../comments/statements.js';
import { type Chunk, chunksOf, isFacts } from './page-chunks.js';
import { formerPageForms } from './page-forms.js';

/** A paragraph that somebody else wrote, and the one of ours that it replaces. */
interface KeptParagraph {
  readonly text: string;
  readonly line: number;
  readonly instead: string;
}

/**
 * Brings a page up to date. Our tables and paragraphs are written again. What somebody else wrote stays: after the
 * paragraph that it follows, or in place of the one that it rewords.
 * @param before the page as the tree has it
 * @param wanted the page as we would write it
 */
export function mergePage(
  before: string,
  wanted: string,
): { readonly text: string; readonly kept: readonly KeptParagraph[] } {
  const [old, ours] = [chunksOf(before), chunksOf(wanted)];
  const isOurs = formerPageForms();
  const taken = new Map<number, Chunk>();
  const behind = new Map<number, Chunk[]>();
  let anchor = -1;
  for (const chunk of old) {
    const same = ours.findIndex((each) => folded(each.text) === folded(chunk.text));
    if (same >= 0) anchor = same;
    if (same >= 0 || isFacts(chunk) || isOurs(folded(chunk.text))) continue;
    const like = ours.findIndex(
      (each, index) => !taken.has(index) && !isFacts(each) && isLike(folded(chunk.text), folded(each.text)),
    );
    if (like >= 0) taken.set(like, chunk);
    else behind.set(anchor, [...(behind.get(anchor) ?? []), chunk]);
  }
  const texts = [
    ...(behind.get(-1) ?? []),
    ...ours.flatMap((chunk, index) => [taken.get(index) ?? chunk, ...(behind.get(index) ?? [])]),
  ];
  return {
    text: `${texts.map(({ text }) => text).join('\n\n')}\n`,
    kept: [
      ...[...taken].map(([index, { text, line }]) => ({
        text: folded(text),
        line,
        instead: folded(ours[index]?.text ?? ''),
      })),
      ...[...behind.values()].flat().map(({ text, line }) => ({ text: folded(text), line, instead: '' })),
    ],
  };
}
