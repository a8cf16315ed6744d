import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Root } from 'mdast';
import PostalMime from 'postal-mime';
import { deceptiveCharacters } from '../../base/visible.js';
import { formats } from '../../commands/formats/formats.js';
import { kernelDocCompiler } from '../../docs/compile/kernel-doc.js';
import { compileMan } from '../../docs/compile/man.js';
import { compileMarkdown } from '../../docs/compile/markdown.js';
import { compileRest } from '../../docs/compile/rest.js';
import { terminalCompiler } from '../../docs/compile/terminal.js';
import { paragraph } from '../../docs/nodes.js';
import { formatSarif } from '../../report/formats/sarif.js';
import { html } from '../../report/html/markup.js';
import { formatMail } from '../../report/series/mail.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import { wrap } from '../../report/text/wrap.js';
import { hasDocutils, oddNodes, pageOf } from '../names/docutils.js';
import { hostileNames } from '../names/hostile-names.js';
import { reportOf } from '../names/hostile-report.js';
import { mutatedLittle } from './fuzz-inputs.js';
import { type FuzzProperty, pureProperty, slowProperty } from './fuzz-property.js';

const obeyed = new RegExp(String.raw`[\u0000-\u0008\u000b-\u001f${deceptiveCharacters}]`);
const names = hostileNames.filter((name) => name.length < 1000);
const pieces = [
  '\u2028',
  '\u0085',
  '.. raw:: html\n\n   x',
  '`` :x:`y`',
  '\n.so /etc/passwd',
  '\\n[x]',
  ']]>',
  '-->',
  '*/',
  '::',
  '|x|',
  '_ ',
  '\n=====\n',
  '\n* a\n',
  '"',
];

/** A name is a word for a terminal, alone and in lines of any width. */
function checkTerminal(text: string): void {
  const shown = escapeForTerminal(text);
  assert.doesNotMatch(shown, obeyed);
  assert.doesNotMatch(shown, /\n/);
  for (const line of wrap(shown, 40, '  ')) assert.ok(line.length <= 40 || !/\S\s+\S/.test(line.trim()));
}

/** A name is text in a page, in an element and in an attribute. */
function checkHtml(text: string): void {
  const { markup } = html`<p title="${text}">${text}</p>`;
  assert.doesNotMatch(markup, obeyed);
  assert.match(markup, /^<p title="[^"<>]*">[^<>"']*<\/p>$/);
}

/** A name is a word in formats of which each line means something. */
async function checkLines(text: string): Promise<void> {
  for (const format of ['gcc', 'checkpatch', 'b4', 'nipa', 'github'] as const) {
    const output = await formats[format].report({ report: reportOf(text), failOn: 'error' });
    assert.doesNotMatch(output, obeyed);
    assert.equal(output.split('\n').length, await usualLines(format));
  }
}

const lines = new Map<string, number>();
async function usualLines(format: 'gcc' | 'checkpatch' | 'b4' | 'nipa' | 'github'): Promise<number> {
  const known =
    lines.get(format) ?? (await formats[format].report({ report: reportOf('x'), failOn: 'error' })).split('\n').length;
  lines.set(format, known);
  return known;
}

/** A name is a text in the formats of JSON, and in XML. */
async function checkData(text: string): Promise<void> {
  const report = reportOf(text);
  for (const format of ['gitlab', 'b4-review'] as const)
    JSON.parse(await formats[format].report({ report, failOn: 'error' }));
  JSON.parse(formatSarif(report, { version: '0.0.0', rules: [] }));
  const xml = await formats.junit.report({ report, failOn: 'error' });
  assert.doesNotMatch(xml, obeyed);
  assert.equal(tagsOf(xml), tagsOf(await formats.junit.report({ report: reportOf('x'), failOn: 'error' })));
  assert.doesNotMatch(xml, /&(?!(?:amp|lt|gt|quot|apos|#x?[0-9a-fA-F]+);)/);
}

const tagsOf = (xml: string): string => [...xml.matchAll(/<\/?[\w?!-]+/g)].join('');

/** A name is a word in a mail: it makes no header, no recipient and no second mail. */
async function checkMail(text: string): Promise<void> {
  const box = formatMail(reportOf(text));
  assert.equal(box.match(/^From /gm)?.length, 1);
  assert.match(box.slice(0, box.indexOf('\n\n')), /^[\x20-\x7e\n]*$/);
  const { headers, to } = await PostalMime.parse(box.slice(box.indexOf('\n') + 1));
  const known = /^(?:subject|to|in-reply-to|references|mime-version|content-type|content-transfer-encoding)$/;
  for (const { key } of headers) assert.match(key, known);
  assert.equal(new Set(headers.map(({ key }) => key)).size, headers.length);
  assert.ok((to ?? []).length <= 1);
}

const wordsOf = (name: string): Root => ({
  type: 'root',
  children: [paragraph(name), paragraph([{ type: 'inlineCode', value: name }])],
});
const compileKernelDoc = kernelDocCompiler(null);
const compileTerminal = terminalCompiler({ bold: (text) => text, plain: escapeForTerminal });

/** A name is a word in generated documentation: it begins no directive, no request and no block, and ends no comment. */
function checkDocumentation(name: string): void {
  const page = wordsOf(name);
  for (const text of [compileRest(page), compileKernelDoc(page)]) {
    assert.doesNotMatch(text, obeyed);
    for (const block of text.split(/\n\s*\n/))
      assert.doesNotMatch(block, /^\s*(?:\.\.(?:\s|$)|:\w+:|>>>(?:\s|$)|__\s)/);
  }
  assert.ok(!compileKernelDoc(page).includes('*/'));
  const man = compileMan(page);
  assert.doesNotMatch(man, /[^\n\x20-\x7e]/);
  for (const line of man.split('\n')) if (/^[.']/.test(line)) assert.match(line, /^\.(?:PP|RS|EX|EE|RE|TP|br)\b/);
  assert.doesNotMatch(compileTerminal(page), obeyed);
  assert.doesNotMatch(compileMarkdown(page), obeyed);
}

/** Names are words in reST, as docutils reads it. Several go to one process, which takes a while to start. */
function checkRest(some: readonly string[]): void {
  const odd = oddNodes(some.map((name) => compileRest(pageOf(name))));
  for (const [index, kinds] of odd.entries()) assert.equal(kinds, '', JSON.stringify(some[index]));
}

const texts = mutatedLittle(names, pieces);
const restProperty = pureProperty(
  'names of any shape are words to docutils',
  2,
  // Everything has a name: an empty one would be an empty block, of which docutils warns.
  fc.array(
    texts.filter((name) => name.trim() !== ''),
    { minLength: 20, maxLength: 60 },
  ),
  checkRest,
);

export const markupProperties: readonly FuzzProperty[] = [
  pureProperty('a name of any shape is a word on a terminal', 8000, texts, checkTerminal),
  pureProperty('a name of any shape is text in HTML', 8000, texts, checkHtml),
  ...(hasDocutils ? [restProperty] : []),
  pureProperty('a name of any shape is a word in documentation', 300, texts, checkDocumentation),
  slowProperty('a name of any shape is a word in lines', 2500, texts, checkLines),
  slowProperty('a name of any shape is text in JSON and XML', 1000, texts, checkData),
  slowProperty('a name of any shape is a word in a mail', 1000, texts, checkMail),
];
