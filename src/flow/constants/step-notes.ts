// `s->mapped = true`, `s->done |= STEP_MAP`, `set_bit(MAPPED, &s->state)`: how drivers note which steps they have made.

import { bitFunctions } from '../../kernel/index.js';
import { type Codebase, functionsIn } from '../../program/index.js';

/**
 * What the code of a file writes behind the place where it stores the result of a step: a name for a member or variable,
 * `name FLAG` for a flag in it, `name = CONSTANT` for what it becomes.
 * @returns the notes, by the member or variable that gets the result
 */
export function stepNotes({ memory, program }: Codebase, path: string): ReadonlyMap<string, ReadonlySet<string>> {
  return memory.recall(`step-notes\0${path}`, () => {
    const code = program.file(path)?.code ?? '';
    const notes = new Map<string, Set<string>>();
    for (const { outline } of functionsIn(program, path)) {
      const writes = writesIn(code.slice(outline.bodyStart, outline.end));
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

const assigned = /(\w+)\s*(?:\[[^\]]*\]\s*)?(\|=|\+=|=(?!=))\s*/g;
/** What a note becomes that is taken back, and an error. */
const noNews: ReadonlySet<string> = new Set(['0', 'false', 'NULL']);
const counted = /(\w+)\s*\+\+|\+\+\s*(?:\w+(?:->|\.))*(\w+)/g;
const setters = [...bitFunctions].flatMap(([name, { makes, tests }]) => (makes && !tests ? [name] : []));
const bits = new RegExp(`\\b(?:${setters.join('|')})\\s*\\(\\s*([^,;]+),\\s*&?[^,;)]*?(\\w+)\\s*\\)`, 'g');

function writesIn(code: string): readonly Write[] {
  const found: Write[] = [];
  for (const { index, 0: text, 1: name = '', 2: operator } of code.matchAll(assigned)) {
    const value = /^[^;{}]*/.exec(code.slice(index + text.length))?.[0].trim() ?? '';
    const isNews = !noNews.has(value) && !value.startsWith('-');
    const flags = value.split('|').map((flag) => flagNote(name, flag.trim()));
    const notes = operator === '|=' ? flags : isNews ? [name, constantNote(name, value)] : [];
    found.push({ at: index, name, isResult: operator === '=' && value.includes('('), notes });
  }
  for (const { index, 1: first, 2: second } of code.matchAll(counted)) {
    const name = first ?? second ?? '';
    found.push({ at: index, name, isResult: false, notes: [name] });
  }
  for (const { index, 1: flag = '', 2: name = '' } of code.matchAll(bits))
    found.push({ at: index, name, isResult: false, notes: [flagNote(name, flag.trim())] });
  return found.sort((one, other) => one.at - other.at);
}
