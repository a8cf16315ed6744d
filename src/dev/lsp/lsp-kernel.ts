import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, startClient } from './lsp-client.js';

/** A driver of Linux 7.x, and an edit that causes one finding in it. */
export const editedDriver = {
  file: 'drivers/gpu/drm/virtio/virtgpu_prime.c',
  from: /err_import:\n\tdma_buf_unpin\(attach\);\n/,
  to: 'err_import:\n',
  rule: 'pin-leak',
} as const;

/** How long an editor waits, in milliseconds. */
export interface LspTimes {
  /** From opening the file to its first diagnostics. The server is initialised before. */
  readonly first: number;
  /** From opening the file to the diagnostics that consider the whole tree. */
  readonly whole: number;
  /** From each edit to its diagnostics. Edits add and remove the defect in turn. */
  readonly edits: readonly number[];
}

/** Edits a driver of a kernel tree several times, and checks the diagnostics each time. */
export async function timeEdits(tree: string, edits: number): Promise<LspTimes> {
  return await withServer(tree, (client) => timeEditsWith(client, tree, edits));
}

/** The same with a server that has opened nothing. The driver stays open, and has the version 1 + `edits`. */
export async function timeEditsWith(client: Client, tree: string, edits: number): Promise<LspTimes> {
  const path = join(tree, editedDriver.file);
  const text = readFileSync(path, 'utf8');
  const broken = text.replace(editedDriver.from, editedDriver.to);
  if (broken === text) throw new Error(`${editedDriver.file} is not as it was`);
  const opened = performance.now();
  client.open(path, text);
  const first = await client.published(path, () => true);
  const whole = await client.published(path, () => true, first.at + 1);
  const times: number[] = [];
  for (let version = 2; version < 2 + edits; version++)
    times.push(await timeEdit(client, path, version, version % 2 === 0 ? broken : text, version % 2 === 0));
  return { first: first.at - opened, whole: whole.at - opened, edits: times };
}

/** Starts a server, does some work with it, and shuts it down even if the work fails. */
async function withServer<Answer>(tree: string, work: (client: Client) => Promise<Answer>): Promise<Answer> {
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
