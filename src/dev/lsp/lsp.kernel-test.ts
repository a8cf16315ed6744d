import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CodeAction, CodeLens, Hover } from 'vscode-languageserver-protocol/node';
import { kernelTree } from '../kernels/kernel-cache.js';
import { type Client, startClient } from './lsp-client.js';
import { editedDriver, timeEditsWith } from './lsp-kernel.js';

describe('the language server on linux 7.x', () => {
  const tree = kernelTree('7.x');
  const path = join(tree, editedDriver.file);
  const uri = pathToFileURL(path).href;
  const text = readFileSync(path, 'utf8');

  // One server for all: each reads the whole tree.
  let client: Client;
  before(async () => {
    client = await startClient(tree);
  });
  after(() => client.end());

  it('shows a defect while it is typed, and no more once it is mended', async (context) => {
    const { first, whole, edits } = await timeEditsWith(client, tree, 6);
    const milliseconds = (times: readonly number[]): string => times.map((time) => time.toFixed(0)).join(', ');
    context.diagnostic(`first diagnostics ${milliseconds([first])} ms, of the whole tree ${milliseconds([whole])} ms`);
    context.diagnostic(`after edits ${milliseconds(edits)} ms`);
  });

  // The exporter's table is nested in a struct from a header in another folder: only the whole tree shows it.
  it('tells of its importer and exporter, and offers to suppress what it shows', async () => {
    const began = performance.now();
    client.change(path, 8, text.replace(editedDriver.from, editedDriver.to));
    const { diagnostics } = await client.published(path, (one) => one.version === 8, began);
    const params = { textDocument: { uri } };
    const lenses = (await client.connection.sendRequest('textDocument/codeLens', params)) as CodeLens[];
    const titles = lenses.map(({ command }) => command?.title ?? '');
    assert.ok(
      titles.some((title) => title.startsWith('dma-buf importer: ')),
      titles.join(),
    );
    assert.ok(
      titles.some((title) => title.startsWith('dma-buf exporter: ')),
      titles.join(),
    );
    const [diagnostic] = diagnostics;
    assert.equal(diagnostic?.code, editedDriver.rule);
    const position = diagnostic?.range.start ?? assert.fail();
    const hover = (await client.connection.sendRequest('textDocument/hover', { ...params, position })) as Hover;
    assert.match(JSON.stringify(hover.contents), /\*\*pin-leak\*\*/);
    const actions = (await client.connection.sendRequest('textDocument/codeAction', {
      ...params,
      range: diagnostic?.range,
      context: { diagnostics },
    })) as CodeAction[];
    assert.deepEqual(
      actions.map(({ title }) => title),
      ['suppress pin-leak here, with a reason'],
    );
  });
});
