import type { Inventory } from '../../contract/index.js';
import type { Finding } from '../../lint/index.js';

/** How much of the tree was analysed. */
export type Extent = 'neighbours' | 'tree';

/** The text of a file in the editor; null means the file on the disk. */
export type EditedText = readonly [path: string, text: string | null];

/** A message of the server to the analysing process. */
export type Order =
  /** The first; `server` is the number of the server's process, `kernel` that of a module, null for a kernel tree. */
  | {
      readonly kind: 'start';
      readonly root: string;
      readonly extent: Extent;
      readonly kernel: string | null;
      readonly server: number;
    }
  /** Changed texts; `generation` counts these orders. */
  | { readonly kind: 'texts'; readonly generation: number; readonly texts: readonly EditedText[] }
  /** Asks for the fix of a finding, by its fingerprint. */
  | { readonly kind: 'fix'; readonly id: number; readonly fingerprint: string };

/** A message of the analysing process to the server. */
export type Answer =
  | { readonly kind: 'outcome'; readonly generation: number; readonly outcome: Outcome }
  /** How far the analysis is. */
  | { readonly kind: 'progress'; readonly message: string }
  /** The tree or its configuration cannot be used: one line for the user. */
  | { readonly kind: 'trouble'; readonly message: string }
  | { readonly kind: 'fix'; readonly id: number; readonly answer: FixAnswer };

/** The new texts of the files that a fix changes, or why there is no fix. */
export type FixAnswer =
  | { readonly kind: 'fix'; readonly title: string; readonly files: readonly (readonly [path: string, text: string])[] }
  | { readonly kind: 'none'; readonly because: string };

/** The outcome of one analysis, as far as an editor shows it. */
export interface Outcome {
  readonly extent: Extent;
  readonly findings: readonly Finding[];
  /** The fingerprints of findings that have a fix. */
  readonly fixable: readonly string[];
  readonly inventory: Inventory;
}

/** Analyses a tree again and again, as its files are edited. */
export interface Engine {
  /**
   * Takes new texts and analyses the tree with them.
   * @throws UserError where the tree or its configuration cannot be used
   */
  analyse(texts: readonly EditedText[]): Promise<Outcome>;
  /** Tries the fix of a finding that the last analysis made; nothing is written. */
  fix(fingerprint: string): Promise<FixAnswer>;
}
