import { patternKey } from '../files/file-tables.js';
import { functionKey, type Program } from '../program.js';
import type { Memory } from './memory.js';

/**
 * A program that notes every question in the memory, as a fact: a whole file (`file:`), a function's body (`body:`), what
 * a name means (`name:`), where it stands (`word:`), a list (`list:`) and so on. An answer that is made from it depends on
 * these facts, and on nothing else of the tree.
 */
export function trackProgram(program: Program, memory: Memory): Program {
  const noteFile = (path: string): string => {
    memory.note(`file:${path}`);
    return path;
  };
  return {
    ...program,
    get candidates() {
      memory.note('list:candidates');
      return program.candidates;
    },
    get mentions() {
      memory.note('list:mentions');
      return program.mentions;
    },
    get sources() {
      memory.note('list:sources');
      return program.sources;
    },
    candidatesWith(pattern) {
      memory.note(`pattern:${patternKey(pattern)}`);
      return program.candidatesWith(pattern);
    },
    exporterOf(name) {
      memory.note(`name:${name}`);
      return program.exporterOf(name);
    },
    file: (path) => program.file(noteFile(path)),
    text: (path) => program.text(noteFile(path)),
    includesOf(path) {
      memory.note(`includes:${path}`);
      return program.includesOf(path);
    },
    has: (path) => program.has(noteFile(path)),
    peek: (path) => program.peek(noteFile(path)),
    macrosIn(path) {
      memory.note(`macros:${path}`);
      return program.macrosIn(path);
    },
    includes(path, word) {
      // Where the file lacks the word, the answer changes only if the word is added.
      memory.note(`word:${word}`);
      return program.includes(path, word) && noteFile(path) === path;
    },
    namesIn: (path) => program.namesIn(noteFile(path)),
    tagsIn: (path) => program.tagsIn(noteFile(path)),
    lower(ref) {
      memory.note(`body:${functionKey(ref)}`);
      return program.lower(ref);
    },
    bodyText(ref) {
      memory.note(`body:${functionKey(ref)}`);
      return program.bodyText(ref);
    },
    translationUnit(path) {
      memory.note(`unit:${path}`);
      return program.translationUnit(path);
    },
    folder(folder) {
      memory.note('list:sources');
      return program.folder(folder);
    },
  };
}
