import type { DocumentationPlan } from '../../docs/plan.js';

/** The pages of a plan as files, each as reST and as Markdown. */
export function pagesOf({ pages }: DocumentationPlan): readonly { readonly name: string; readonly text: string }[] {
  return pages.flatMap(({ name, rest, markdown }) => [
    { name: `${name}.rst`, text: rest },
    { name: `${name}.md`, text: markdown },
  ]);
}
