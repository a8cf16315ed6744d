import { readFileSync } from 'node:fs';
import type { Heading, Nodes, PhrasingContent, Root, RootContent } from 'mdast';
import type { Directives } from 'mdast-util-directive';
import { toString as textOf } from 'mdast-util-to-string';
import remarkDirective from 'remark-directive';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { type Plugin, unified } from 'unified';
import { packageFile } from '../base/package/package-files.js';
import { asPlugin, type Compile } from './compile/compiler.js';

/** What our texts ask of one tree: whether conditions hold, and what replaces placeholders. */
export interface Substitutes {
  /** Conditions, for `:::when{is="required !marker"}`. */
  readonly flags: ReadonlyMap<string, boolean>;
  /** Words, for `{callback}` anywhere. */
  readonly names: ReadonlyMap<string, string>;
  /** Sentences, for a `{placeholder}` among words. */
  readonly phrases: ReadonlyMap<string, readonly PhrasingContent[]>;
  /** Lists and tables, for `::importers`. */
  readonly blocks: ReadonlyMap<string, readonly RootContent[]>;
}

const reader = unified().use(remarkParse).use(remarkGfm).use(remarkDirective).freeze();

/** Parses one of our texts. */
export function parseText(markdown: string): Root {
  return reader.parse(markdown);
}

const read = new Map<string, Root>();

/** Reads one of our texts from the package, by its path below src/docs. It is parsed once. */
export function readText(path: string): Root {
  const known = read.get(path) ?? parseText(readSource(path));
  read.set(path, known);
  return known;
}

/** Reads one of our texts without parsing it. */
export function readSource(path: string): string {
  return readFileSync(sourceFolder(path), 'utf8');
}

/** Where a folder or a file of our texts is, by its path below src/docs. */
export function sourceFolder(path: string): URL {
  return packageFile(`src/docs/${path}`);
}

/** Parses a text, puts the facts of a tree in, and writes it in a format. */
export function renderText(markdown: string, substitutes: Substitutes, compile: Compile): string {
  const putIn: Plugin<[], Root> = () => (root) => substitute(root, substitutes);
  return reader().use(putIn).use(asPlugin(compile)).processSync(markdown).toString();
}

/** No facts, for a text without directives and placeholders. */
export const noSubstitutes: Substitutes = { flags: new Map(), names: new Map(), phrases: new Map(), blocks: new Map() };

/** The sections of a text below its headings of one depth; text before the first heading is left out. */
export function sectionsOf(root: Root, depth: number): readonly { readonly title: string; readonly root: Root }[] {
  const starts = root.children.flatMap((node, index) =>
    node.type === 'heading' && node.depth <= depth ? [{ node: node as Heading, index }] : [],
  );
  return starts.flatMap(({ node, index }, number) =>
    node.depth === depth
      ? [
          {
            title: textOf(node),
            root: { type: 'root', children: root.children.slice(index + 1, starts[number + 1]?.index) },
          },
        ]
      : [],
  );
}

/**
 * Puts a tree's names and facts into a text: conditions first, then placeholders.
 * @returns a text without directives and placeholders
 * @throws Error if the text asks for a fact that is not given
 */
export function substitute(root: Root, substitutes: Substitutes): Root {
  return { type: 'root', children: resolveAll(root.children, substitutes) as RootContent[] };
}

/** The conditions and placeholders that a text asks for: where trees agree in these, it has the same words. */
export function askedFor(node: Nodes): ReadonlySet<string> {
  switch (node.type) {
    case 'leafDirective':
      return node.name === 'include' ? askedForFragment(node.attributes?.['name']) : new Set();
    case 'text':
    case 'inlineCode':
    case 'code':
      return new Set([...node.value.matchAll(placeholder)].map(([, name = '']) => name));
    default: {
      const condition =
        node.type === 'containerDirective' || node.type === 'textDirective' ? node.attributes?.['is'] : '';
      const below = 'children' in node ? node.children.flatMap((child) => [...askedFor(child)]) : [];
      return new Set([...flagsIn(condition ?? ''), ...below]);
    }
  }
}

function askedForFragment(name: string | null | undefined): ReadonlySet<string> {
  const { when, root } = fragment(name);
  return new Set([...flagsIn(when ?? ''), ...askedFor(root)]);
}

function flagsIn(condition: string): readonly string[] {
  return condition.split(' ').map((word) => word.replace(/^!/, ''));
}

function resolveAll(nodes: readonly Nodes[], substitutes: Substitutes): Nodes[] {
  return nodes.flatMap((node) => resolve(node, substitutes));
}

function resolve(node: Nodes, substitutes: Substitutes): readonly Nodes[] {
  switch (node.type) {
    case 'containerDirective':
    case 'textDirective':
      return holds(node, substitutes) ? resolveAll(node.children, substitutes) : [];
    case 'leafDirective':
      return node.name === 'include'
        ? resolveFragment(node.attributes?.['name'], substitutes)
        : known(substitutes.blocks.get(node.name), `::${node.name}`);
    case 'text':
      return words(node.value, substitutes);
    case 'inlineCode':
    case 'code':
      return [{ ...node, value: named(node.value, substitutes) }];
    default:
      return 'children' in node ? [{ ...node, children: resolveAll(node.children, substitutes) } as Nodes] : [node];
  }
}

/** A part of our texts in a file of its own. */
interface Fragment {
  /** The condition of its front matter, in the words of `:::when`; null if it stands in every tree's text. */
  readonly when: string | null;
  readonly root: Root;
}

const fragments = new Map<string, Fragment>();

/** What several of our texts say, or only some trees need, for `::include{name="revoke-steps"}`. */
function fragment(name: string | null | undefined): Fragment {
  if (!name) throw new Error('our own texts include a fragment without a name');
  const known = fragments.get(name) ?? readFragment(readSource(`fragments/${name}.md`));
  fragments.set(name, known);
  return known;
}

function readFragment(source: string): Fragment {
  const [head = '', when = null] = /^---\nwhen: ([!a-z -]+)\n---\n/.exec(source) ?? [];
  return { when, root: parseText(source.slice(head.length)) };
}

function resolveFragment(name: string | null | undefined, substitutes: Substitutes): readonly Nodes[] {
  const { when, root } = fragment(name);
  return when === null || meets(when, substitutes) ? resolveAll(root.children, substitutes) : [];
}

function holds(node: Directives, substitutes: Substitutes): boolean {
  const condition = node.attributes?.['is'];
  if (node.name !== 'when' || !condition) throw new Error(`unknown directive ':${node.name}' in our own texts`);
  return meets(condition, substitutes);
}

function meets(condition: string, { flags }: Pick<Substitutes, 'flags'>): boolean {
  return condition.split(' ').every((word) => {
    const isNegated = word.startsWith('!');
    return known(flags.get(isNegated ? word.slice(1) : word), word) !== isNegated;
  });
}

/** A placeholder is a word in braces; no C in our texts looks like one. */
const placeholder = /\{([a-z-]+)\}/g;

function named(text: string, { names }: Substitutes): string {
  return text.replace(placeholder, (whole, name: string) => known(names.get(name), whole));
}

function words(text: string, substitutes: Substitutes): readonly Nodes[] {
  return text.split(placeholder).flatMap((part, index): readonly Nodes[] => {
    if (index % 2 === 0) return part === '' ? [] : [{ type: 'text', value: part }];
    const phrase = substitutes.phrases.get(part);
    return phrase ?? [{ type: 'text', value: known(substitutes.names.get(part), `{${part}}`) }];
  });
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`our own texts ask for '${what}', which no fact gives`);
  return value;
}
