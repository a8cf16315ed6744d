// `s->mapped = true`, `s->done |= STEP_MAP`, `set_bit(MAPPED, &s->state)`: how drivers note which steps they have made.

import { bitFunctions } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import type { CallFrame, Engine } from '../model/engine.js';
import { type State, signsOf } from '../state/state.js';
import { bad } from '../state/value.js';

/**
 * Whether the note of a step can only be absent: it was not read or written on this path, code of the file makes it, and
 * the path has stored an error in a member. A function that stores the result of a step without looking whether the step
 * was made before relies on that it was not.
 * @param member the member that holds the note
 * @param flag the flag in that member, as written; null where the member is true or false as a whole
 */
export function isStepNotMade(
  engine: Engine,
  state: State,
  { ref }: CallFrame,
  member: string,
  flag: string | null,
): boolean {
  if (engine.locks || !notesOf(engine.codebase, ref.path).has(noteKey(member, flag))) return false;
  const errors = new Set([...engine.origins.keys()].filter((error) => signsOf(state, error) === bad));
  if (errors.size > 0) for (const [, held] of state.heap) if (errors.has(held)) return true;
  return false;
}

const noteKey = (member: string, flag: string | null): string => `${member} ${flag ?? ''}`.trim();

const setters = [...bitFunctions].flatMap(([name, { makes, tests }]) => (makes && !tests ? [name] : []));
const whole = /(?:->|\.)\s*(\w+)\s*=\s*(?:true|1|[A-Z][A-Z\d_]*)\s*;/g;
const flags = /(?:->|\.)\s*(\w+)\s*\|=\s*([^;]+);/g;
const bits = new RegExp(`\\b(?:${setters.join('|')})\\s*\\(\\s*([^,;]+),\\s*&[^,;)]*?(?:->|\\.)\\s*(\\w+)\\s*\\)`, 'g');

/** The notes that the code of a file makes: the member, and the flag in it. */
function notesOf({ memory, program }: Codebase, path: string): ReadonlySet<string> {
  return memory.recall(`step-notes\0${path}`, () => {
    const code = program.file(path)?.code ?? '';
    return new Set([
      ...[...code.matchAll(whole)].map(([, member = '']) => noteKey(member, null)),
      ...[...code.matchAll(flags)].flatMap(([, member = '', value = '']) =>
        value.split('|').map((flag) => noteKey(member, flag.trim())),
      ),
      ...[...code.matchAll(bits)].map(([, flag = '', member = '']) => noteKey(member, flag.trim())),
    ]);
  });
}
