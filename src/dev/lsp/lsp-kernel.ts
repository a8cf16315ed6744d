import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, startClient } from './lsp-client.js';

/** A driver of Linux 7.x, and a defect for it that is one finding. */
export const editedDriver = {
  file: 'drivers/gpu/drm/virtio/virtgpu_prime.c',
  from: /err_import:\n\tdma_buf_unpin\(attach\);\n/,
  to: 'err_import:\n',
  rule: 'pin-leak',
} as const;

/** How long an editor waits, in milliseconds. */
export interface LspTimes {
  /** From opening the file, the server being started and greeted, to its first diagnostics. */
  readonly first: number;
  /** To those that the whole tree was looked at for. */
  readonly whole: number;
  /** From an edit to its diagnostics, for each edit in turn: the defect comes and goes. */
  readonly edits: readonly number[];
}

/** Edits a driver of a kernel tree as often as wished, and checks that what is shown is right each time. */
export async function timeEdits(tree: string, edits: number): Promise<LspTimes> {
  const path = join(tree, editedDriver.file);
  const text = readFileSync(path, 'utf8');
  const broken = text.replace(editedDriver.from, editedDriver.to);
  if (broken === text) throw new Error(`${editedDriver.file} is not as it was`);
  return await withServer(tree, async (client) => {
    const opened = performance.now();
    client.open(path, text);
    const first = await client.published(path, () => true);
    const whole = await client.published(path, () => true, first.at + 1);
    const times: number[] = [];
    for (let version = 2; version < 2 + edits; version++)
      times.push(await timeEdit(client, path, version, version % 2 === 0 ? broken : text, version % 2 === 0));
    return { first: first.at - opened, whole: whole.at - opened, edits: times };
  });
}

/** Starts a server for some work, and ends it whatever comes of that. */
export async function withServer<Answer>(tree: string, work: (client: Client) => Promise<Answer>): Promise<Answer> {
  const client = await startClient(tree);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function timeEdit(
  client: Client,
  path: string,
  version: number,
  text: string,
  isBroken: boolean,
): Promise<number> {
  const began = performance.now();
  client.change(path, version, text);
  const { at, diagnostics } = await client.published(path, (one) => one.version === version, began);
  const rules = diagnostics.map(({ code }) => code);
  if (rules.includes(editedDriver.rule) !== isBroken)
    throw new Error(`version ${version}: ${rules.join(', ') || 'nothing'}`);
  return at - began;
}
