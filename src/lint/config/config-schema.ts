import { configShape, type NamedRule, type ObjectShape, type Shape } from './config-shape.js';

type Schema = Readonly<Record<string, unknown>>;

/** Makes the JSON schema (draft 2020-12) of `dmabuf-lint.json`. @param rules the rules that it may name */
export function configSchema(rules: readonly NamedRule[]): Schema {
  const { properties, ...others } = objectSchema(configShape(rules));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:dmabuf-lint:configuration:1',
    title: 'Configuration of dmabuf-lint',
    ...others,
    properties: {
      $schema: { type: 'string', description: 'Where this schema is, for editors.' },
      ...properties,
    },
  };
}

function schemaOf(shape: Shape): Schema {
  switch (shape.kind) {
    case 'text':
      return { type: 'string', pattern: shape.pattern };
    case 'choice':
      return { enum: shape.among };
    case 'list':
      return { type: 'array', items: schemaOf(shape.of) };
    case 'object':
      return objectSchema(shape);
  }
}

function objectSchema({ members }: ObjectShape) {
  const entries = Object.entries(members);
  const required = entries.flatMap(([key, { isRequired }]) => (isRequired ? [key] : []));
  return {
    type: 'object',
    properties: Object.fromEntries(
      entries.map(([key, { shape, description }]) => [key, { description, ...schemaOf(shape) }]),
    ),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}
