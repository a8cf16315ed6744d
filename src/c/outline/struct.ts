import { type AttributeWords, blankAttributes } from '../prepare/attributes.js';
import type { StructField, StructOutline } from '../unit.js';
import { splitTopLevel, squeeze } from './text.js';

const structHead = /\b(struct|union)\s+(?:__\w+(?:\s*\(\([^)]*\)+)?\s+)*(\w+)\s*\{/;

/** Reads the struct or union that an item defines; undefined where it defines none with a tag. */
export function readStruct(
  code: string,
  start: number,
  end: number,
  attributes: AttributeWords,
): StructOutline | undefined {
  const text = code.slice(start, end);
  const head = structHead.exec(text);
  if (!head?.[2] || /[=(;]/.test(text.slice(0, head.index).replace(/__\w+\s*\(\(.*?\)\)/g, ''))) return undefined;
  const open = start + head.index + head[0].length;
  const close = code.lastIndexOf('}', end);
  return {
    tag: head[2],
    at: start + head.index,
    fields: close < open ? [] : readFields(code, open, close, attributes),
  };
}

function readFields(code: string, start: number, end: number, attributes: AttributeWords): readonly StructField[] {
  const fields: StructField[] = [];
  let at = start;
  for (const part of splitTopLevel(code.slice(start, end), ';')) {
    fields.push(...readField(part, at, attributes));
    at += part.length + 1;
  }
  return fields;
}

function readField(part: string, at: number, attributes: AttributeWords): readonly StructField[] {
  const inner = /^\s*(struct|union|enum)\s*\w*\s*\{/.exec(part);
  const close = part.lastIndexOf('}');
  if (inner && close > 0) {
    const [, stars, name] = /^\}([\s*]*)(\w+)/.exec(blankAttributes(part.slice(close), attributes)) ?? [];
    if (name)
      return [
        {
          name,
          type: squeeze(part.slice(0, inner[0].length - 1)),
          pointer: stars?.includes('*') === true,
          isFunction: false,
          at,
        },
      ];
    // The members of an anonymous struct are members of the outer one.
    return inner[1] === 'enum'
      ? []
      : readFields(part, inner[0].length, close, attributes).map((field) => ({ ...field, at: field.at + at }));
  }
  const plain = blankAttributes(part, attributes);
  const callback = /\(\s*\*\s*(\w+)\s*\)\s*\(/.exec(plain);
  if (callback?.[1])
    return [{ name: callback[1], type: squeeze(plain), pointer: true, isFunction: true, at: at + callback.index }];
  const [first = '', ...more] = splitTopLevel(plain, ',');
  const named = /^(\s*(?:[\w\s]*?\w))([\s*]+)(\w+)\s*(?:\[[^\]]*\]\s*)*(?::.*)?$/s.exec(first);
  // A member may be called like an attribute: then nothing is left of its name.
  if (!named?.[3]) return plain === part ? [] : readField(part, at, { ...attributes, has: () => false });
  const type = squeeze((named[1] ?? '').replace(/\b(const|volatile)\b/g, ' '));
  const one = (name: string, stars: string): StructField => ({
    name,
    type,
    pointer: stars.includes('*'),
    isFunction: false,
    at: at + part.lastIndexOf(name),
  });
  return [
    one(named[3], named[2] ?? ''),
    ...more.flatMap((other) => {
      const extra = /^([\s*]*)(\w+)/.exec(other);
      return extra?.[2] ? [one(extra[2], extra[1] ?? '')] : [];
    }),
  ];
}
