import type { Connection, WorkDoneProgressReporter } from 'vscode-languageserver/node';

/**
 * Shows how far the first analysis of each tree is, in an editor that can show it.
 * @returns what takes the progress of a tree, or null when it is at its end
 */
export function progressIn({ window }: Pick<Connection, 'window'>): (root: string, message: string | null) => void {
  const shown = new Map<string, Promise<(WorkDoneProgressReporter & { done(): void }) | null>>();
  const begin = async (message: string) => {
    const reporter = await window.createWorkDoneProgress();
    reporter.begin('dmabuf-lint', undefined, message);
    return reporter;
  };
  return (root, message) => {
    const former = shown.get(root);
    if (message === null) {
      shown.delete(root);
      void former?.then((reporter) => reporter?.done());
    } else if (former) void former.then((reporter) => reporter?.report(message));
    // A client may refuse.
    else
      shown.set(
        root,
        begin(message).catch(() => null),
      );
  };
}
