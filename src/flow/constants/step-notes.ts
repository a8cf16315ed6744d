// `s->mapped = true`, `s->done |= STEP_MAP`, `set_bit(MAPPED, &s->state)`: how drivers note which steps they have made.

import { bitFunctions } from '../../kernel/index.js';
import { type Codebase, functionsIn } from '../../program/index.js';
import { isNote, membersNoted } from '../tree/notes.js';

/**
 * What the code of a file writes behind the place where it stores the result of a step: a name for a member or variable,
 * `name FLAG` for a flag in it, `name = CONSTANT` for what it becomes.
 * @returns the notes, by the member or variable that gets the result
 */
export function stepNotes(codebase: Codebase, path: string): ReadonlyMap<string, ReadonlySet<string>> {
  const { memory, program } = codebase;
  return memory.recall(`step-notes\0${path}`, () => {
    const code = program.file(path)?.code ?? '';
    const notes = new Map<string, Set<string>>();
    for (const { outline } of functionsIn(program, path)) {
      const writes = writesIn(code.slice(outline.bodyStart, outline.end), (name) => notedBy(codebase, path, name));
      for (const [index, { name, isResult }] of writes.entries()) {
        if (!isResult) continue;
        const found = notes.get(name) ?? new Set();
        for (const later of writes.slice(index + 1)) for (const note of later.notes) found.add(note);
        notes.set(name, found);
      }
    }
    return notes;
  });
}

/** How a flag in a member is named among the notes, and a constant that the member becomes. */
export const flagNote = (member: string, flag: string): string => `${member} ${flag}`;
export const constantNote = (member: string, constant: string): string => `${member} = ${constant}`;

/** A place in a function that writes a member or a variable. */
interface Write {
  readonly at: number;
  readonly name: string;
  /** Whether it stores what a call returned. */
  readonly isResult: boolean;
  readonly notes: readonly string[];
}

const assigned = /(\w+)\s*(?:\[([^\]]*)\]\s*)?(\|=|\+=|=(?!=))\s*/g;
/** What a note becomes that is taken back, and an error. */
const noNews: ReadonlySet<string> = new Set(['0', 'false', 'NULL']);
const counted = /(\w+)\s*\+\+|\+\+\s*(?:\w+(?:->|\.))*(\w+)/g;
const setters = [...bitFunctions].flatMap(([name, { makes, tests }]) => (makes && !tests ? [name] : []));
const bits = new RegExp(`\\b(?:${setters.join('|')})\\s*\\(\\s*([^,;]+),\\s*&?[^,;)]*?(\\w+)\\s*\\)`, 'g');

/** How `x->marks[EX_MAPPED] = true` is named among the notes. */
const elementNotes = (name: string, element: string | undefined): readonly string[] =>
  element === undefined ? [] : [flagNote(name, element.trim())];

/** A statement that calls a function with a constant or number: `ex_mark(x, EX_MAPPED);`. */
const told = /\b(\w+)\s*\(([^;(){}]*)\)\s*;/g;
const constant = /^(?:[A-Z][A-Z0-9_]+|\d+)$/;

/** The members that a function of the module only notes something in; none for any other function. */
function notedBy(codebase: Codebase, path: string, name: string): readonly string[] {
  const target = codebase.definitions.findInModule(name, path);
  return target && isNote(codebase, target) ? [...membersNoted(codebase, target)] : [];
}

/** What a helper notes in a member, if it is called with these constants. */
function notesOfCall(member: string, constants: readonly string[]): readonly string[] {
  return [member, ...constants.flatMap((one) => [flagNote(member, one), constantNote(member, one)])];
}

function writesIn(code: string, noted: (name: string) => readonly string[]): readonly Write[] {
  const found: Write[] = [];
  for (const { index, 0: text, 1: name = '', 2: element, 3: operator } of code.matchAll(assigned)) {
    const value = /^[^;{}]*/.exec(code.slice(index + text.length))?.[0].trim() ?? '';
    const isNews = !noNews.has(value) && !value.startsWith('-');
    const flags = value.split('|').map((flag) => flagNote(name, flag.trim()));
    const notes =
      operator === '|=' ? flags : isNews ? [name, constantNote(name, value), ...elementNotes(name, element)] : [];
    found.push({ at: index, name, isResult: operator === '=' && value.includes('('), notes });
  }
  for (const { index, 1: first, 2: second } of code.matchAll(counted)) {
    const name = first ?? second ?? '';
    found.push({ at: index, name, isResult: false, notes: [name] });
  }
  for (const { index, 1: flag = '', 2: name = '' } of code.matchAll(bits))
    found.push({ at: index, name, isResult: false, notes: [flagNote(name, flag.trim())] });
  for (const { index, 1: name = '', 2: list = '' } of code.matchAll(told)) {
    const constants = list
      .split(',')
      .map((one) => one.trim())
      .filter((one) => constant.test(one));
    for (const member of noted(name))
      found.push({ at: index, name: member, isResult: false, notes: notesOfCall(member, constants) });
  }
  return found.sort((one, other) => one.at - other.at);
}
