import type { Root } from 'mdast';
import { literalPattern } from '../../base/literal-pattern.js';
import { kernelDocCompiler } from '../compile/kernel-doc.js';
import { type DialectFacts, dialectSubstitutes } from '../facts.js';
import { askedFor, noSubstitutes, type Substitutes, substitute } from '../source.js';
import { type DocumentedComment, type Recogniser, recogniserOf } from './documented-comments.js';
import type { StatementText } from './semantics.js';

/** One thing that a comment should say, in one dialect. */
export interface Statement extends Omit<StatementText, 'root' | 'said' | 'isDenied'> {
  /** Its paragraphs, filled to the width of the comment. */
  readonly blocks: readonly string[];
  /**
   * How many paragraphs from an index on are this statement as we write it in any dialect; 0 if none. Blocks are folded.
   */
  readonly formerAt: (blocks: readonly string[], index: number) => number;
  readonly recogniser: Recogniser;
}

/**
 * The statements of a comment that hold in a dialect, and those that do not, which are found where they still stand.
 * @param width columns for the text, without the ` * ` of the comment
 */
export function statementsOf(
  comment: DocumentedComment,
  facts: DialectFacts,
  width: number,
): { readonly current: readonly Statement[]; readonly former: readonly Statement[] } {
  const all = comment.statements.map((text) => ({
    ...text,
    blocks: blocksIn(comment, text.root, dialectSubstitutes(facts), width),
    formerAt: formerForms(comment, text.root),
    recogniser: recogniserOf(text, facts),
  }));
  return {
    current: all.filter(({ blocks }) => blocks.length > 0),
    former: all.filter(({ blocks }) => blocks.length === 0),
  };
}

/** Text with its white space folded, as paragraphs are compared. */
export function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function blocksIn(
  { subject }: DocumentedComment,
  root: Root,
  { flags, names }: DialectWords,
  width: number,
): readonly string[] {
  const isNotify = subject.kind === 'function' && subject.name === names.get('notify');
  const place = [['in-notify', isNotify] as const, ['elsewhere', !isNotify] as const];
  const text = substitute(root, { ...noSubstitutes, flags: new Map([...flags, ...place]), names });
  const compiled = kernelDocCompiler(subject.kind === 'member' ? subject.struct : null)(text, width);
  return compiled === '' ? [] : compiled.trimEnd().split('\n\n');
}

/** A name that no tree has; in the forms of a statement it stands for any name. */
const anyName = 'zzany';

type DialectWords = Pick<Substitutes, 'flags' | 'names'>;

let dialects: readonly DialectWords[] | undefined;

/** Every dialect that is possible, with {@link anyName} for its names; one of those in which a text has the same words. */
export function dialectsOf(root: Root): readonly DialectWords[] {
  const asked = [...askedFor(root)];
  dialects ??= allDialects().map(dialectSubstitutes);
  const answers = ({ flags, names }: DialectWords): string =>
    asked.map((word) => `${flags.get(word)} ${names.get(word)}`).join();
  return [...new Map(dialects.map((each) => [answers(each), each])).values()];
}

function allDialects(): readonly DialectFacts[] {
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
  { corePins: 'attach', cachesAtAttach: true, pinsWithoutConfig: true, hasMappingTypes: false },
  { corePins: 'attach', cachesAtAttach: true, pinsWithoutConfig: false, hasMappingTypes: false },
  { corePins: 'attach', cachesAtAttach: false, pinsWithoutConfig: false, hasMappingTypes: false },
  { corePins: 'map', cachesAtAttach: false, pinsWithoutConfig: true, hasMappingTypes: false },
  { corePins: 'map', cachesAtAttach: false, pinsWithoutConfig: false, hasMappingTypes: false },
  { corePins: null, cachesAtAttach: false, pinsWithoutConfig: true, hasMappingTypes: false },
  { corePins: null, cachesAtAttach: false, pinsWithoutConfig: false, hasMappingTypes: false },
  { corePins: 'map', cachesAtAttach: false, pinsWithoutConfig: false, hasMappingTypes: true },
] as const;

/** Recognises a statement as we write it in any dialect: that text is ours, so we may change it. */
function formerForms(comment: DocumentedComment, root: Root): Statement['formerAt'] {
  return (blocks, index) => {
    const form = formsOf(comment, root).find((each) =>
      each.every((pattern, offset) => pattern.test(blocks[index + offset] ?? '')),
    );
    return form?.length ?? 0;
  };
}

type Forms = readonly (readonly RegExp[])[];

const knownForms = new WeakMap<Root, Map<string, Forms>>();

/** The forms of a statement, which are the same for each tree in which its comment is on the same struct. */
function formsOf(comment: DocumentedComment, root: Root): Forms {
  const { subject } = comment;
  const place = subject.kind === 'member' ? subject.struct : '';
  const known = knownForms.get(root) ?? new Map<string, Forms>();
  const forms = known.get(place) ?? patternsOf(comment, root);
  knownForms.set(root, known.set(place, forms));
  return forms;
}

function patternsOf(comment: DocumentedComment, root: Root): Forms {
  const texts = dialectsOf(root).map((words) => blocksIn(comment, root, words, 1000).map(folded));
  const different = [
    ...new Map(texts.filter((blocks) => blocks.length > 0).map((blocks) => [blocks.join('\n'), blocks])).values(),
  ];
  return different.sort((left, right) => right.length - left.length).map((blocks) => blocks.map(patternOf));
}

/** The pattern of a paragraph in which {@link anyName} stands for any name. */
export function patternOf(text: string): RegExp {
  return new RegExp(`^${literalPattern(text).replaceAll(anyName, '\\w+')}$`);
}
