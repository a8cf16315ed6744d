/** A JSON schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** The members of an object, by name; a name that ends in `?` may be missing. */
export type Members = Readonly<Record<string, Schema>>;

export const text: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const count: Schema = { type: 'integer', minimum: 0 };
/** A line or a column: they begin at 1. */
export const position: Schema = { type: 'integer', minimum: 1 };

export function oneOf(words: readonly string[], description?: string): Schema {
  return { enum: words, ...(description === undefined ? {} : { description }) };
}

export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

export function listOf(items: Schema, description?: string): Schema {
  return { type: 'array', items, ...(description === undefined ? {} : { description }) };
}

export function described(schema: Schema, description: string): Schema {
  return { ...schema, description };
}

/** A part of the schema that has a name. */
export function ref(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}

/**
 * An object. @param isClosed whether it may have no other members; a reader must expect more within one version
 */
export function object(members: Members, isClosed: boolean): Schema {
  const names = Object.keys(members);
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(members).map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
    required: names.filter((name) => !name.endsWith('?')),
    ...(isClosed ? { additionalProperties: false } : {}),
  };
}
