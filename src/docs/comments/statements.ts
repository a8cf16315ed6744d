import type { Root } from 'mdast';
import { kernelDocCompiler } from '../compile/kernel-doc.js';
import { type DialectFacts, dialectSubstitutes } from '../facts.js';
import { noSubstitutes, readText, type Substitutes, sectionsOf, substitute } from '../source.js';
import type { DocumentedComment } from './knowledge.js';

/** One thing that a comment should say. */
export interface Statement {
  readonly id: string;
  /** Its paragraphs, filled to the width of the comment. */
  readonly blocks: readonly string[];
  /**
   * How many paragraphs from an index on are this statement as we write it in any dialect; 0 if none. Blocks are folded.
   */
  readonly formerAt: (blocks: readonly string[], index: number) => number;
}

/**
 * The statements of a comment that hold in a dialect.
 * @param width columns for the text, without the ` * ` of the comment
 * @throws Error if semantics/ has a statement that knowledge.ts does not list
 */
export function statementsOf(comment: DocumentedComment, facts: DialectFacts, width: number): readonly Statement[] {
  const sections = sectionsOf(readText(`semantics/${comment.source}.md`), 2);
  const unknown = sections.find(({ title }) => !Object.hasOwn(comment.statements, title));
  if (unknown) throw new Error(`semantics/${comment.source}.md: nobody knows statement '${unknown.title}'`);
  return sections.flatMap(({ title, root }) => {
    const blocks = blocksIn(comment, root, dialectSubstitutes(facts), width);
    return blocks.length === 0 ? [] : [{ id: title, blocks, formerAt: formerForms(comment, root) }];
  });
}

/** The statements of a comment that do not hold in this dialect, so that they are found where they still stand. */
export function formerStatements(comment: DocumentedComment, facts: DialectFacts, width: number): readonly Statement[] {
  const current = new Set(statementsOf(comment, facts, width).map(({ id }) => id));
  return sectionsOf(readText(`semantics/${comment.source}.md`), 2)
    .filter(({ title }) => !current.has(title))
    .map(({ title, root }) => ({ id: title, blocks: [], formerAt: formerForms(comment, root) }));
}

/** Text with its white space folded, as paragraphs are compared. */
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

/** A name that no tree has; in the forms of a statement it stands for any name. */
export const anyName = 'zzany';

/** Every dialect that is possible, with {@link anyName} for its names. */
export function allDialects(): readonly DialectFacts[] {
  const markers = [null, { field: anyName, setMeansCannot: true }, { field: anyName, setMeansCannot: false }];
  const names = { callback: anyName, notify: anyName, wait: anyName };
  return [true, false]
    .flatMap((isRequired) => [anyName, null].map((check) => ({ ...names, isRequired, check })))
    .flatMap((facts) => markers.map((marker) => ({ ...facts, marker })))
    .flatMap((facts) => cores.map((core) => ({ ...facts, ...core })))
    .flatMap((facts) => [anyName, null].map((usage) => ({ ...facts, usage })));
}

/** What the core has done in some kernel; nothing is said of a core that caches, but does not pin at attach. */
const cores = [
  { corePins: 'attach', cachesAtAttach: true, pinsWithoutConfig: true },
  { corePins: 'attach', cachesAtAttach: true, pinsWithoutConfig: false },
  { corePins: 'attach', cachesAtAttach: false, pinsWithoutConfig: false },
  { corePins: 'map', cachesAtAttach: false, pinsWithoutConfig: true },
  { corePins: 'map', cachesAtAttach: false, pinsWithoutConfig: false },
  { corePins: null, cachesAtAttach: false, pinsWithoutConfig: true },
  { corePins: null, cachesAtAttach: false, pinsWithoutConfig: false },
] as const;

/** Recognises a statement as we write it in any dialect: that text is ours, so we may change it. */
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

/** The pattern of a paragraph in which {@link anyName} stands for any name. */
export function patternOf(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(anyName, '\\w+')}$`);
}
