import { type Expression, expressionText } from '../../c/index.js';
import { isCertainConversion, isConversion, takesNoReference } from '../../kernel/index.js';
import type { CallSite } from '../calls/call-site.js';
import { noteMaker } from '../calls/unknown-call.js';
import type { Evaluated } from '../model/engine.js';
import { answerKeys, type State, stateWith } from '../state/state.js';
import { good, type Value } from '../state/value.js';

/** Whether the name of the callee says that it is a conversion, and it has no body that says otherwise. */
export function isView({ engine, name, frame }: CallSite): boolean {
  if (!isConversion(name)) return false;
  const target = engine.find(name, frame.ref.path);
  return !target || (!engine.relevance.matters(target) && target.outline.returnType.includes('*'));
}

/** `container_of()` and its like: the same object for the same argument each time. */
export function convert(site: CallSite, value: Value, state: State): Evaluated {
  const { engine, name, call, frame } = site;
  const types = call.arguments
    .slice(1)
    .map((argument) =>
      argument.kind === 'type'
        ? argument.text
        : /^(?:name|member)$/.test(argument.kind)
          ? expressionText(argument)
          : '',
    );
  const key = answerKeys.conversion(name, types, value);
  const known = state.answers.get(key) ?? wholeAround(state, value, call.arguments.at(2));
  if (typeof known === 'number') return { value: known, state };
  const made = engine.newValue();
  // The name `handle_to_dmabuf()` looks like a conversion, too.
  if (!takesNoReference(name)) engine.unseen.add(made);
  if (!engine.find(name, frame.ref.path)) noteMaker(site, made);
  if (engine.elements.has(value)) engine.elements.add(made);
  return {
    value: made,
    state: stateWith(state, {
      answers: state.answers.with(key, made),
      wholes: state.wholes.with(value, made),
      signs: isCertainConversion(name) ? state.signs.with(made, good) : state.signs,
      shared: state.shared.has(value) ? state.shared.with(made, true) : state.shared,
    }),
  };
}

/**
 * The object that contains a part, by the path of the member: two levels up for `tbo.base`, and one if no path is
 * given.
 */
function wholeAround({ wholes }: State, part: Value, path: Expression | undefined): Value | undefined {
  let whole = wholes.get(part);
  for (let level = path; level?.kind === 'member' && whole !== undefined; level = level.object)
    whole = wholes.get(whole);
  return whole;
}
