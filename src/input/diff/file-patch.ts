/** One added or removed line of a diff. */
export interface DiffLine {
  /** 1-based: the line of the new file for an added line, of the old file for a removed line. */
  readonly line: number;
  /** The text without the sign in front; a carriage return at its end stays. */
  readonly text: string;
}

/** One hunk of a diff: `@@ -oldStart,oldLines +newStart,newLines @@`. Lines are 1-based. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly added: readonly DiffLine[];
  readonly removed: readonly DiffLine[];
}

/** The part of a diff that changes one file. */
export interface FilePatch {
  /** Null for a new file. */
  readonly oldPath: string | null;
  /** Null for a removed file. */
  readonly newPath: string | null;
  readonly isBinary: boolean;
  /** Whether the file is renamed. A copy has two different paths and is no rename. */
  readonly isRename: boolean;
  readonly mode: 'file' | 'symlink' | 'submodule';
  readonly hunks: readonly Hunk[];
  /** The bytes of this part of the diff. */
  readonly text: Buffer;
}
