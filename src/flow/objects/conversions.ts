import { type Expression, expressionText } from '../../c/index.js';
import { conversionIn, isCertainConversion, isConversion, takesNoReference } from '../../kernel/index.js';
import type { CallSite } from '../calls/call-site.js';
import { noteMaker } from '../calls/unknown-call.js';
import { moduleMacros } from '../expansion/module-macros.js';
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
      ...placeWithin(site, made, value, state),
      answers: state.answers.with(key, made),
      signs: isCertainConversion(name) ? state.signs.with(made, good) : state.signs,
      shared: state.shared.has(value) ? state.shared.with(made, true) : state.shared,
    }),
  };
}

/**
 * Puts an object into the whole that contains it: `obj->resv` and `bo->base.resv` are one place then. Of `tbo.base`, what
 * is in between is an object, too.
 */
function placeWithin(site: CallSite, whole: Value, part: Value, state: State): Pick<State, 'heap' | 'wholes'> {
  let { heap, wholes } = state;
  let around = whole;
  const path = memberOfPart(site)?.split('.') ?? [];
  for (const name of path.slice(0, -1)) {
    const inner = site.engine.newValue();
    heap = heap.with(`${around}.${name}`, inner);
    wholes = wholes.with(inner, around);
    around = inner;
  }
  const member = path.at(-1);
  if (member) heap = heap.with(`${around}.${member}`, part);
  return { heap, wholes: wholes.with(part, around) };
}

/** The member in which a conversion finds what it is given, as a path: `base` of `container_of(obj, struct ex_bo, base)`. */
function memberOfPart({ engine, name, call, frame }: CallSite): string | undefined {
  if (isCertainConversion(name)) {
    const member = call.arguments.at(2);
    return member?.kind === 'name' || member?.kind === 'member' ? expressionText(member) : undefined;
  }
  const target = engine.find(name, frame.ref.path);
  const { body = '', parameters = null } = target
    ? { body: engine.codebase.program.bodyText(target), parameters: target.outline.parameters.map((one) => one.name) }
    : (moduleMacros(engine.codebase, frame.ref.path).all.get(name) ?? {});
  const conversion = conversionIn(body);
  return conversion?.argument === parameters?.at(0) ? conversion?.member : undefined;
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
