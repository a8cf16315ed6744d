import { folded } from '../comments/statements.js';

/** Words that say nothing of what a paragraph is about. */
const common = new Set(
  'about after again all also and any are away before been but cannot can does done each either for from has have how into its itself like made make makes may more most must neither nor not once one only other others out over same say says she should since some such take takes than that the their them then there these they this those time until upon use used uses was way were what when where whether which while who whom why will with without would yet you'.split(
    ' ',
  ),
);

/** What a paragraph is about: its words without common ones, each cut to its stem. */
function contentWords(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[a-z][\w]+/g) ?? [];
  return new Set(words.filter((word) => word.length > 2 && !common.has(word)).map(stem));
}

/** "mapping", "mapped" and "maps" are one word; so are the names of a function and of what it is called in words. */
function stem(word: string): string {
  const root = word.replace(/(?:ations?|ating|ated|ates?|ings?|ed|es|s)$/, '').replace(/(.)\1$/, '$1');
  return root.length > 2 ? root : word;
}

/**
 * How surely one paragraph is another one, reworded.
 * @returns between 0, not at all, and 1
 */
export function rewording(left: string, right: string): number {
  if (formOf(left) !== formOf(right)) return 0;
  const [few, many] = [contentWords(left), contentWords(right)].sort((one, other) => one.size - other.size);
  if (!few || !many || few.size === 0) return 0;
  const shared = [...few].filter((word) => many.has(word)).length;
  const share = shared / few.size;
  // A title has few words. Of two paragraphs about invalidation, some words are always the same.
  return formOf(left) === 'title' ? share : shared >= 3 && share >= 0.3 ? share : 0;
}

/** Whether a paragraph has most of what another one is about, as when two were joined. */
export function contains(whole: string, part: string): boolean {
  if (formOf(whole) !== formOf(part) || formOf(part) === 'title') return false;
  const [all, some] = [contentWords(whole), contentWords(part)];
  return some.size > 0 && [...some].filter((word) => all.has(word)).length / some.size >= 0.6;
}

function formOf(text: string): 'title' | 'directive' | 'words' {
  const lines = text.split('\n');
  if (lines.length > 1 && /^([=~^-])\1{2,}$/.test(lines.at(-1) ?? '')) return 'title';
  return /^\.\. [\w-]+::/.test(folded(text)) ? 'directive' : 'words';
}
