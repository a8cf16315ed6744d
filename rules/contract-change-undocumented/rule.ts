import { dmaBufCore, dmaBufHeader } from '../../src/contract/index.js';
import type { SourceTree } from '../../src/input/tree/tree.js';
import { defineSeriesRule, type TreeFacts } from '../../src/lint/index.js';

export default defineSeriesRule({
  id: 'contract-change-undocumented',
  group: 'series',
  severity: 'warning',
  *check({ patches, series }) {
    const last = patches.at(-1)?.tree();
    // Of a series that is judged piece by piece, another piece may say it.
    if (series.isPart || !last) return;
    const prose = proseOf(last);
    for (const [index, { before, after, tree }] of patches.entries()) {
      if (!before || !after || before === after) continue;
      for (const { word, what, saidBy } of contractChanges(before, after)) {
        const mention = new RegExp(`\\b${word}\\b`);
        if (prose.some((text) => mention.test(text) && (!saidBy || saidBy.test(text)))) continue;
        yield {
          patch: index,
          path: dmaBufHeader,
          ...placeOfWord(tree().read(dmaBufHeader) ?? '', word),
          subject: what,
          confidence: 'high',
          message: `${what}, and no kernel-doc says so at the end of the series: importers and exporters are left to guess what it means`,
          trace: [],
        };
      }
    }
  },
});

/** A change of the contract, and the name that its documentation would have to speak of. */
interface ContractChange {
  readonly word: string;
  readonly what: string;
  /** What it would have to say of it besides. */
  readonly saidBy?: RegExp;
}

function contractChanges(before: TreeFacts, after: TreeFacts): readonly ContractChange[] {
  const [old, current] = [before.inventory.dialect, after.inventory.dialect];
  const changes: ContractChange[] = [];
  if (old.callback !== current.callback)
    changes.push({ word: current.callback, what: `the callback is called '${current.callback}' from here on` });
  if (old.notify !== current.notify)
    changes.push({ word: current.notify, what: `the notify function is called ${current.notify}() from here on` });
  if (before.callbackRequired !== after.callbackRequired)
    changes.push({
      word: current.callback,
      what: `the callback is ${after.callbackRequired ? 'required' : 'optional'} from here on`,
      saidBy: after.callbackRequired ? /mandatory|required|must/i : /optional|NULL|absent|without|omit|leav|left out/i,
    });
  if (current.revocableCheck !== null && old.revocableCheck !== current.revocableCheck)
    changes.push({ word: current.revocableCheck, what: `exporters can ask ${current.revocableCheck}() from here on` });
  for (const marker of current.markers)
    if (!old.markers.includes(marker))
      changes.push({ word: marker, what: `importers are marked by '${marker}' from here on` });
  return changes;
}

/** What is written for people on the API: its comments, and the paragraphs of its documentation. */
function proseOf(tree: SourceTree): readonly string[] {
  const comments = [dmaBufHeader, dmaBufCore].flatMap((path) =>
    [...(tree.read(path) ?? '').matchAll(/\/\*[\s\S]*?\*\//g)].map(([comment]) => comment),
  );
  const pages = tree.documentation.filter((path) => /dma-buf/.test(path));
  return [...comments, ...pages.flatMap((path) => (tree.read(path) ?? '').split(/\n\s*\n/))];
}

/** Where a word stands first in the code of a text, else at its top: 1-based. */
function placeOfWord(text: string, word: string): { readonly line: number; readonly column: number } {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  const at = new RegExp(`\\b${word}\\b`).exec(code)?.index;
  if (at === undefined) return { line: 1, column: 1 };
  const lines = code.slice(0, at).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
