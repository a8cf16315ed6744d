import type { PhrasingContent, Root } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import { type DocComment, docComments } from '../c/index.js';
import type { FileChange, Stale } from './changes.js';
import { lineOf } from './comments/staleness.js';
import { type Compile, compilerOf } from './compile/compiler.js';
import { fill, hang } from './compile/fill.js';
import { list, text } from './nodes.js';
import { readText, type Substitutes, sectionsOf, substitute } from './source.js';

/** A changelog without its trailers. */
interface Message {
  readonly subject: string;
  /** Wrapped. */
  readonly body: string;
}

/** The width that Documentation/process/submitting-patches.rst asks for. */
const width = 72;

/** A changelog is plain text. */
const compilePlain: Compile = compilerOf(
  'changelog',
  {
    text: ({ value }) => value,
    inlineCode: ({ value }) => value,
    paragraph: ({ children }, write) => fill(write.inline(children), write.width),
    list: ({ children }, write) =>
      children.map((item) => hang('- ', write.narrower(2).blocks(item.children))).join('\n'),
  },
  width,
);

/**
 * Makes a message of pages/patches.md.
 * @param name the title of its section; the first paragraph there is the subject
 */
export function messageOf(name: string, substitutes: Substitutes): Message {
  const section = sectionsOf(readText('pages/patches.md'), 1).find(({ title }) => title === name);
  if (!section) throw new Error(`pages/patches.md has no message '${name}'`);
  const [subject, ...body] = substitute(section.root, substitutes).children;
  if (!subject) throw new Error(`pages/patches.md: message '${name}' is empty`);
  return { subject: textOf(subject), body: compilePlain({ type: 'root', children: body } satisfies Root).trimEnd() };
}

/** For each comment that corrections change: its subject, and what was wrong, as a list. */
export function correctedList(changes: readonly FileChange[], stale: readonly Stale[]): ReturnType<typeof list> {
  return list(
    changes.flatMap(({ path, before, after }) => {
      const [old, current] = [docComments(before ?? ''), docComments(after)];
      return old.flatMap((comment, index): PhrasingContent[][] => {
        const [from, to] = [lineOf(before ?? '', comment.start), lineOf(before ?? '', comment.end)];
        if (comment.lines.join('\n') === current[index]?.lines.join('\n')) return [];
        const reasons = stale
          .filter((each) => each.path === path && each.line >= from && each.line <= to && each.isMended)
          .filter(({ message }) => !/ does not say | has no comment$/.test(message))
          .map(({ message }) => message.replace(/^the comment is out of date: |\bthis tree's /g, ''));
        const name = subjectOf(comment, (before ?? '').slice(0, comment.start));
        // What is corrected without a reason is a typo: `why` and `gone` in the front matter of the comments.
        const why = reasons.length > 0 ? [...new Set(reasons)].join('; ') : 'a typo';
        return [[text(`${name}: ${why}`)]];
      });
    }),
  );
}

/** What a comment is about: a function, a struct, or a member with the struct that it stands in. */
function subjectOf({ subject, lines }: DocComment, above: string): string {
  if (subject === 'DOC') return (lines.find((line) => line.trim() !== '') ?? '').trim();
  if (!subject.startsWith('@')) return /^\w+$/.test(subject) ? `${subject}()` : subject;
  const struct = [...above.matchAll(/^struct (\w+) \{/gm)].at(-1)?.[1];
  return struct === undefined ? subject.slice(1) : `${struct}.${subject.slice(1)}`;
}

/** Wraps one more paragraph of a changelog. */
export function wrapped(paragraph: string): string {
  return fill(paragraph, width);
}
