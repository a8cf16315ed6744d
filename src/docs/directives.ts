import type { Root, RootContent } from 'mdast';
import type {} from 'remark-directive';
import { SKIP, visit } from 'unist-util-visit';

/** What stands for each directive of a page, by its name. */
export type Directives = Readonly<Record<string, () => readonly RootContent[]>>;

/**
 * Puts what the directives of a page (`::name`) stand for in their places: facts that are written elsewhere.
 * @throws where a page asks for what there is not
 */
export function replaceDirectives(root: Root, directives: Directives): Root {
  const copy = structuredClone(root);
  visit(copy, 'leafDirective', (node, index, parent) => {
    const make = Object.hasOwn(directives, node.name) ? directives[node.name] : undefined;
    if (!make)
      throw new Error(
        `a page asks for '::${node.name}', which there is not; there are: ${Object.keys(directives).join(', ')}`,
      );
    if (!parent || index === undefined) return undefined;
    const nodes = make();
    parent.children.splice(index, 1, ...nodes);
    return [SKIP, index + nodes.length];
  });
  return copy;
}
