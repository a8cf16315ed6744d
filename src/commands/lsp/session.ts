import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Environment } from '../../base/environment.js';
import { decodeSource } from '../../input/tree/decode.js';
import { type Analyst, createAnalyst } from './analyst.js';
import { kernelHeaders, noHeaders } from './kernel-root.js';
import type { FixAnswer, Outcome } from './messages.js';
import { isStray, type KernelFile, kernelFileOf } from './modules/kernel-file.js';

/** One kernel tree in which files are open. */
interface Tree {
  readonly analyst: Analyst;
  readonly edited: Map<string, string | null>;
  timer: NodeJS.Timeout | undefined;
  outcome: Outcome | undefined;
  /** By file, the number of the order that sent its text last. */
  readonly sent: Map<string, number>;
  readonly waiting: (() => void)[];
}

/** What a session reports. */
export interface SessionEvents {
  /** A tree was analysed. `isCurrent` tells whether a document has not changed since. */
  onOutcome(root: string, outcome: Outcome, isCurrent: (uri: string) => boolean): void;
  onTrouble(message: string): void;
  /** How far the analysis of a tree is; null when it is at its end. */
  onProgress(root: string, message: string | null): void;
}

/** The kernel trees of an editor, analysed as their files are edited. */
export interface Session {
  /** The file of a kernel tree or module that a document is; null for any other document. */
  fileOf(uri: string): KernelFile | null;
  /** Takes the kernel that modules outside of any tree are built for, or its headers. @returns whether it is another one */
  useKernel(folder: string | null): boolean;
  /** Says once what to do about a document of a module whose kernel nobody has named. */
  tellStray(document: TextDocument): void;
  /** Takes the text of a file that is open. */
  edit(document: TextDocument): void;
  /** Takes the text of a file from the disk: the file was closed, or another program wrote it. */
  reread(uri: string): void;
  outcomeOf(root: string): Outcome | undefined;
  /** The first outcome of a tree; waits for it, but no longer than some seconds. */
  firstOutcomeOf(root: string): Promise<Outcome | undefined>;
  fix(root: string, fingerprint: string): Promise<FixAnswer>;
  end(): void;
}

/** How long a request about a file waits for the first outcome, in milliseconds. */
const mostWaiting = 15_000;

/** How long to wait for more keystrokes before an analysis, in milliseconds. */
const patience = 0;

/**
 * Creates a session; it starts to analyse a tree when a file of it is opened.
 * @param env for the processes that analyse
 */
export function createSession(env: Environment, events: SessionEvents): Session {
  const trees = new Map<string, Tree>();
  let kernel: string | null = null;
  let hasToldStray = false;
  const fileOf = (uri: string): KernelFile | null => kernelFileOf(uri, kernel);

  function take(file: KernelFile, text: string | null): void {
    const tree = trees.get(file.root) ?? openTree(file, env, { ...events, fileOf });
    trees.set(file.root, tree);
    takeText(tree, file.path, text);
  }

  return {
    fileOf,
    useKernel(folder) {
      const found = folder === null ? null : kernelHeaders(resolve(folder));
      if (folder !== null && found === null) {
        hasToldStray = true;
        events.onTrouble(`kernel '${folder}': ${noHeaders}`);
      }
      const isOther = found !== kernel;
      kernel = found;
      return isOther;
    },
    tellStray(document) {
      if (hasToldStray || kernel !== null || !isStray(document.uri, document.getText())) return;
      hasToldStray = true;
      events.onTrouble(
        `${fileURLToPath(document.uri)} is in no kernel tree; to check modules outside of one, set 'kernel', in the initialization options or by lsp --kernel, to a kernel tree or its headers, as /lib/modules/<version>/build`,
      );
    },
    edit(document) {
      const file = fileOf(document.uri);
      if (file) take(file, document.getText());
    },
    reread(uri) {
      const file = fileOf(uri);
      if (file && trees.has(file.root)) take(file, textOnDisk(join(file.root, file.path)));
    },
    outcomeOf: (root) => trees.get(root)?.outcome,
    async firstOutcomeOf(root) {
      const tree = trees.get(root);
      if (tree && !tree.outcome) await outcomeArrives(tree);
      return tree?.outcome;
    },
    fix: async (root, fingerprint) =>
      (await trees.get(root)?.analyst.fix(fingerprint)) ?? { kind: 'none', because: 'its tree is not analysed yet' },
    end() {
      for (const { analyst, timer } of trees.values()) {
        clearTimeout(timer);
        analyst.end();
      }
      trees.clear();
    },
  };
}

function openTree(
  file: KernelFile,
  env: Environment,
  { onOutcome, onTrouble, onProgress, fileOf }: SessionEvents & Pick<Session, 'fileOf'>,
): Tree {
  const { root } = file;
  const tree: Tree = {
    analyst: createAnalyst(file, env, {
      onOutcome(outcome, generation) {
        tree.outcome = outcome;
        onOutcome(root, outcome, (uri) => {
          const path = fileOf(uri)?.path ?? '';
          return !tree.edited.has(path) && (tree.sent.get(path) ?? 0) <= generation;
        });
        for (const tell of tree.waiting.splice(0)) tell();
      },
      onTrouble,
      onProgress: (message) => onProgress(root, message),
    }),
    edited: new Map(),
    timer: undefined,
    outcome: undefined,
    sent: new Map(),
    waiting: [],
  };
  return tree;
}

/** Takes the new text of a file. It is sent to the analysis with all that comes within the {@link patience}. */
function takeText(tree: Tree, path: string, text: string | null): void {
  const isFirst = tree.outcome === undefined && tree.edited.size === 0;
  tree.edited.set(path, text);
  if (tree.timer) return;
  tree.timer = setTimeout(
    () => {
      tree.timer = undefined;
      const order = tree.analyst.edit([...tree.edited]);
      for (const path of tree.edited.keys()) tree.sent.set(path, order);
      tree.edited.clear();
    },
    isFirst ? 0 : patience,
  );
}

/** Waits for an outcome of a tree, but no longer than {@link mostWaiting}. */
function outcomeArrives(tree: Tree): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, mostWaiting);
    tree.waiting.push(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The text of a file; null if it is gone or cannot be read. */
function textOnDisk(path: string): string | null {
  try {
    return existsSync(path) ? decodeSource(readFileSync(path)) : null;
  } catch {
    return null;
  }
}
