import { type Expression, type FunctionUnit, visitExpressions, visitStatements } from '../c/index.js';
import { type FunctionRef, functionAt, type World } from '../program/index.js';

/** A member of a struct of the tree. */
export interface StructMember {
  readonly tag: string;
  readonly member: string;
}

/** Something put into a member, and the function that does it. */
export interface Store {
  readonly ref: FunctionRef;
  readonly value: Expression;
}

/** What is put into a member anywhere, and whether that is all. */
export interface Stores {
  readonly values: readonly Store[];
  readonly isComplete: boolean;
}

export interface StructFields {
  /** The struct that a member expression reads from; undefined where its type cannot be told. */
  memberOf(ref: FunctionRef, expression: Expression): StructMember | undefined;
  /** Everything that the module, or the tree where the struct is everybody's, puts into a member. */
  storesTo(member: StructMember, from: string): Stores;
}

/** Creates what finds out which struct a member belongs to, and who writes it. */
export function createStructFields(world: World): StructFields {
  const structs = new Map<string, { readonly path: string; readonly fields: ReadonlyMap<string, string> } | null>();
  const answers = new Map<string, Stores>();

  const structNamed = (tag: string, from: string) => {
    const key = `${tag}:${from}`;
    let known = structs.get(key);
    if (known === undefined) {
      known = findStruct(world, tag, from);
      structs.set(key, known);
    }
    return known;
  };

  /** The tag of the struct that an expression is, or points to. */
  const tagOf = (ref: FunctionRef, expression: Expression): string | undefined => {
    switch (expression.kind) {
      case 'name':
        return structTag(declaredType(world.program.lower(ref), expression.name));
      case 'member': {
        const owner = tagOf(ref, expression.object);
        return owner && structTag(structNamed(owner, ref.path)?.fields.get(expression.member));
      }
      case 'index':
        return tagOf(ref, expression.object);
      case 'unary':
        return /^[&*]$/.test(expression.operator) ? tagOf(ref, expression.operand) : undefined;
      case 'cast':
        return structTag(expression.type);
      default:
        return undefined;
    }
  };

  const memberOf = (ref: FunctionRef, expression: Expression): StructMember | undefined => {
    const bare = expression.kind === 'index' ? expression.object : expression;
    if (bare.kind !== 'member') return undefined;
    const tag = tagOf(ref, bare.object);
    return tag === undefined ? undefined : { tag, member: bare.member };
  };

  const search = ({ tag, member }: StructMember, from: string): Stores => {
    const values: Store[] = [];
    let isComplete = true;
    const isPublic = structNamed(tag, from)?.path.startsWith('include/') ?? false;
    const files = new Set([...world.definitions.module(from), ...(isPublic ? world.program.mentions : [])]);
    for (const ref of functionsTouching(world, member, files)) {
      const { stored, isOpen } = storesIn(
        world.program.lower(ref),
        member,
        (target) => memberOf(ref, target)?.tag,
        tag,
      );
      values.push(...stored.map((value) => ({ ref, value })));
      if (isOpen) isComplete = false;
    }
    return { values, isComplete };
  };

  return {
    memberOf,
    storesTo(wanted, from) {
      const key = `${wanted.tag}.${wanted.member}:${from}`;
      let known = answers.get(key);
      if (!known) {
        known = search(wanted, from);
        answers.set(key, known);
      }
      return known;
    },
  };
}

/** The functions of some files in which something may be put into a member of this name. */
function functionsTouching(world: World, member: string, files: Iterable<string>): readonly FunctionRef[] {
  const touch = new RegExp(
    `(?:->|\\.)\\s*${member}\\b(?:\\s*\\[[^\\]]*\\])*\\s*=[^=]|&[^&;,]*(?:->|\\.)\\s*${member}\\b`,
    'g',
  );
  const found = new Map<number | string, FunctionRef>();
  for (const path of files) {
    const text = world.program.peek(path);
    if (!text?.includes(member) || text.search(touch) < 0) continue;
    for (const { index } of world.program.file(path)?.code.matchAll(touch) ?? []) {
      const ref = functionAt(world.program, path, index);
      if (ref) found.set(`${path}:${ref.outline.start}`, ref);
    }
  }
  return [...found.values()];
}

/** What a function puts into a member; open, where it may put in more than can be seen. */
function storesIn(
  unit: FunctionUnit,
  member: string,
  ownerOf: (target: Expression) => string | undefined,
  tag: string,
): { readonly stored: readonly Expression[]; readonly isOpen: boolean } {
  const stored: Expression[] = [];
  let isOpen = unit.unparsed.length > 0;
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'initialiser' && expression.entries.some((entry) => entry.designators.includes(member)))
      isOpen = true;
    const target =
      expression.kind === 'assignment'
        ? withoutIndex(expression.target)
        : expression.kind === 'unary' && expression.operator === '&'
          ? withoutIndex(expression.operand)
          : undefined;
    if (target?.kind !== 'member' || target.member !== member) return;
    const owner = ownerOf(target);
    if (owner !== undefined && owner !== tag) return;
    if (owner === tag && expression.kind === 'assignment') stored.push(expression.value);
    else isOpen = true;
  });
  return { stored, isOpen };
}

function withoutIndex(expression: Expression): Expression {
  return expression.kind === 'index' ? withoutIndex(expression.object) : expression;
}

/** The type that a function gives to a name, or undefined where it declares none, or several. */
function declaredType(unit: FunctionUnit, name: string): string | undefined {
  const types = new Set(unit.parameters.filter((parameter) => parameter.name === name).map(({ type }) => type));
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'declaration' && statement.name === name) types.add(statement.type);
  });
  return types.size === 1 ? [...types][0] : undefined;
}

function structTag(type: string | undefined): string | undefined {
  return type === undefined ? undefined : /\bstruct\s+(\w+)/.exec(type)?.[1];
}

/** A struct by its tag: of the file or its module first, then of the headers that the tree shares. */
function findStruct(world: World, tag: string, from: string) {
  const definition = new RegExp(`\\bstruct\\s+${tag}\\s*\\{`);
  const module = world.definitions.module(from);
  for (const paths of [world.program.translationUnit(from), module, world.program.mentions])
    for (const path of paths) {
      const text = world.program.peek(path);
      if (!text?.includes(tag) || !definition.test(text)) continue;
      const struct = world.program.file(path)?.unit.structs.find((entry) => entry.tag === tag);
      if (struct) return { path, fields: new Map(struct.fields.map((field) => [field.name, field.type])) };
    }
  return null;
}
