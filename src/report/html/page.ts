import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packageFile } from '../../base/package/package-files.js';
import { html, type Markup, nothing, raw } from './markup.js';

/** The parts of a page. */
interface PageParts {
  readonly title: string;
  /** The paragraph below the title. */
  readonly intro: Markup;
  /** The sections, in order; those without a name are not in the navigation. */
  readonly sections: readonly PageSection[];
  readonly footer: string;
  /** A script of ours, which the page's policy names; null for none. */
  readonly script: string | null;
}

export interface PageSection {
  readonly id: string;
  readonly name: string;
  readonly content: Markup;
}

/** One HTML file, which needs no network and can be read without scripts. */
export function pageOf({ title, intro, sections, footer, script }: PageParts): string {
  const code = script === null ? null : asset(script);
  const source = code === null ? "'none'" : `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${source}; base-uri 'none'; form-action 'none'`;
  const named = sections.filter(({ name }) => name !== '');
  const links = named.map(({ id, name }, index) => html`${index === 0 ? '' : ' '}<a href="#${id}">${name}</a>`);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(asset('matrix.css'))}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${intro}</p>
<nav aria-label="Sections">${links}</nav>
</header>
<main>
${sections.map(({ content }) => html`${content}\n`)}</main>
<footer><p>${footer}</p></footer>
${code === null ? nothing : html`<script>${raw(code)}</script>`}
</body>
</html>
`;
  return page.markup;
}

/** A file of the package that becomes part of the page, unescaped. */
function asset(name: string): string {
  return readFileSync(packageFile(`src/report/html/${name}`), 'utf8');
}
