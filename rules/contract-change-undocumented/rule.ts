import type { SourceTree } from '../../src/input/tree/tree.js';
import { dmaBufCore, dmaBufHeader } from '../../src/kernel/index.js';
import { defineSeriesRule, type TreeFacts } from '../../src/lint/index.js';

export default defineSeriesRule({
  id: 'contract-change-undocumented',
  group: 'series',
  severity: 'warning',
  *check({ patches, series }) {
    const last = patches.at(-1)?.tree();
    // b4 hands over one patch at a time: another patch may write the kernel-doc.
    if (series.isPart || !last) return;
    const prose = proseOf(last);
    for (const [index, { before, after, tree }] of patches.entries()) {
      if (!before || !after || before === after) continue;
      for (const { word, subject, what, saidBy } of contractChanges(before, after)) {
        const mention = new RegExp(`\\b${word}\\b`);
        if (prose.some((text) => mention.test(text) && (!saidBy || saidBy.test(text)))) continue;
        yield {
          patch: index,
          path: dmaBufHeader,
          ...placeOfWord(tree().read(dmaBufHeader) ?? '', word),
          subject,
          confidence: 'high',
          message: `this patch ${what}, and no kernel-doc says so at the end of the series: driver authors have to guess what it means`,
          trace: [],
        };
      }
    }
  },
});

/** A change of the contract, and what its documentation has to contain. */
interface ContractChange {
  /** The name that the documentation must contain. */
  readonly word: string;
  /** The subject of the finding: part of its fingerprint, so it never changes. */
  readonly subject: string;
  /** What the patch does, after "this patch". */
  readonly what: string;
  /** What the paragraph with the name must contain as well. */
  readonly saidBy?: RegExp;
}

function contractChanges(before: TreeFacts, after: TreeFacts): readonly ContractChange[] {
  const [old, current] = [before.inventory.dialect, after.inventory.dialect];
  const changes: ContractChange[] = [];
  if (current.callback !== null && old.callback !== current.callback)
    changes.push({
      word: current.callback,
      subject: `the callback is called '${current.callback}' from here on`,
      what:
        old.callback === null
          ? `adds the callback '${current.callback}'`
          : `renames the callback to '${current.callback}'`,
    });
  if (current.notify !== null && old.notify !== current.notify)
    changes.push({
      word: current.notify,
      subject: `the notify function is called ${current.notify}() from here on`,
      what: `${old.notify === null ? 'adds the notify function' : 'renames the notify function to'} ${current.notify}()`,
    });
  if (current.callback !== null && old.callback !== null && before.callbackRequired !== after.callbackRequired) {
    const now = after.callbackRequired ? 'required' : 'optional';
    changes.push({
      word: current.callback,
      subject: `the callback is ${now} from here on`,
      what: `makes the callback ${now}`,
      saidBy: after.callbackRequired ? /mandatory|required|must/i : /optional|NULL|absent|without|omit|leav|left out/i,
    });
  }
  if (current.revocableCheck !== null && old.revocableCheck !== current.revocableCheck)
    changes.push({
      word: current.revocableCheck,
      subject: `exporters can ask ${current.revocableCheck}() from here on`,
      what: `adds ${current.revocableCheck}() for exporters`,
    });
  for (const marker of current.markers)
    if (!old.markers.includes(marker))
      changes.push({
        word: marker,
        subject: `importers are marked by '${marker}' from here on`,
        what: `adds the field '${marker}', which marks importers`,
      });
  return changes;
}

/** The documentation of the API: the comments in the header and the core, and the paragraphs of the dma-buf documents. */
function proseOf(tree: SourceTree): readonly string[] {
  const comments = [dmaBufHeader, dmaBufCore].flatMap((path) =>
    [...(tree.read(path) ?? '').matchAll(/\/\*[\s\S]*?\*\//g)].map(([comment]) => comment),
  );
  const pages = tree.documentation.filter((path) => /dma-buf/.test(path));
  return [...comments, ...pages.flatMap((path) => (tree.read(path) ?? '').split(/\n\s*\n/))];
}

/** The first place of a word in the code of a text, outside comments; else the top. 1-based. */
function placeOfWord(text: string, word: string): { readonly line: number; readonly column: number } {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  const at = new RegExp(`\\b${word}\\b`).exec(code)?.index;
  if (at === undefined) return { line: 1, column: 1 };
  const lines = code.slice(0, at).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
