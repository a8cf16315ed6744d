import type { Root } from 'mdast';
import { kernelDocCompiler } from '../compile/kernel-doc.js';
import { type DialectFacts, dialectSubstitutes } from '../facts.js';
import { noSubstitutes, readText, type Substitutes, sectionsOf, substitute } from '../source.js';
import type { DocumentedComment } from './knowledge.js';

/** One thing that a comment has to say. */
export interface Statement {
  readonly id: string;
  /** Its paragraphs, filled to the width of the comment. */
  readonly blocks: readonly string[];
  /** Whether a run of paragraphs is what this statement says, or said in another dialect: how many they are, or 0. */
  readonly formerAt: (blocks: readonly string[], index: number) => number;
}

/**
 * The statements of a comment that hold in a dialect.
 * @param width columns for the words
 */
export function statementsOf(comment: DocumentedComment, facts: DialectFacts, width: number): readonly Statement[] {
  const sections = sectionsOf(readText(`semantics/${comment.source}.md`), 2);
  const unknown = sections.find(({ title }) => !(title in comment.statements));
  if (unknown) throw new Error(`semantics/${comment.source}.md: nobody knows statement '${unknown.title}'`);
  return sections.flatMap(({ title, root }) => {
    const blocks = blocksIn(comment, root, dialectSubstitutes(facts), width);
    return blocks.length === 0 ? [] : [{ id: title, blocks, formerAt: formerForms(comment, root) }];
  });
}

/** Statements of ours that do not hold in this dialect, to be known where they still stand. */
export function formerStatements(comment: DocumentedComment, facts: DialectFacts, width: number): readonly Statement[] {
  const current = new Set(statementsOf(comment, facts, width).map(({ id }) => id));
  return sectionsOf(readText(`semantics/${comment.source}.md`), 2)
    .filter(({ title }) => !current.has(title))
    .map(({ title, root }) => ({ id: title, blocks: [], formerAt: formerForms(comment, root) }));
}

/** White space folded: how paragraphs are compared. */
export function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function blocksIn(
  { subject }: DocumentedComment,
  root: Root,
  { flags, names }: Pick<Substitutes, 'flags' | 'names'>,
  width: number,
): readonly string[] {
  const text = substitute(root, { ...noSubstitutes, flags, names });
  const compiled = kernelDocCompiler(subject.kind === 'member' ? subject.struct : null)(text, width);
  return compiled === '' ? [] : compiled.trimEnd().split('\n\n');
}

/** A name that no tree has, where any name may stand. */
export const anyName = 'zzany';

/** Every dialect that there is, with any names. */
export function allDialects(): readonly DialectFacts[] {
  const markers = [null, { field: anyName, setMeansCannot: true }, { field: anyName, setMeansCannot: false }];
  return [true, false].flatMap((isRequired) =>
    [anyName, null].flatMap((check) =>
      markers.flatMap((marker) =>
        (['attach', 'map', null] as const).flatMap((corePins) =>
          [anyName, null].map((usage) => ({
            callback: anyName,
            notify: anyName,
            check,
            marker,
            isRequired,
            corePins,
            usage,
            wait: anyName,
          })),
        ),
      ),
    ),
  );
}

/** Knows what a statement of ours was in any dialect: such words are ours, and may be changed. */
function formerForms(comment: DocumentedComment, root: Root): Statement['formerAt'] {
  let forms: readonly (readonly RegExp[])[] | undefined;
  return (blocks, index) => {
    forms ??= patternsOf(comment, root);
    return (
      forms.find((form) => form.every((pattern, offset) => pattern.test(blocks[index + offset] ?? '')))?.length ?? 0
    );
  };
}

function patternsOf(comment: DocumentedComment, root: Root): readonly (readonly RegExp[])[] {
  const texts = allDialects().map((facts) => blocksIn(comment, root, dialectSubstitutes(facts), 1000).map(folded));
  const different = [
    ...new Map(texts.filter((blocks) => blocks.length > 0).map((blocks) => [blocks.join('\n'), blocks])).values(),
  ];
  return different.sort((left, right) => right.length - left.length).map((blocks) => blocks.map(patternOf));
}

/** A paragraph with any names where a tree's own would stand. */
export function patternOf(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(anyName, '\\w+')}$`);
}
