import { rules } from '../../../rules/index.js';
import { waitingFor } from '../../base/profile.js';
import { withScratch } from '../../base/scratch.js';
import { writeTogether } from '../../base/write-files.js';
import { buildContract, compareNegotiations, type Negotiation, negotiationOf } from '../../contract/index.js';
import { repositoryUri } from '../../input/git/repository-uri.js';
import { treeRevision } from '../../input/git/revision.js';
import { openSince } from '../../input/git/work-tree.js';
import { openFolder, type SourceTree } from '../../input/tree/tree.js';
import { lintTree, outcomeOf } from '../../lint/analysis.js';
import type { Config, Result } from '../../lint/index.js';
import { formatMatrixChanges } from '../../report/matrix/matrix-changes.js';
import { formatMatrixText } from '../../report/matrix/matrix-text.js';
import { scanReport } from '../../report/scan-report.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import { findConfig } from '../cli/config.js';
import type { MatrixFormat } from '../cli/format-names.js';
import { isFolder } from '../cli/is-folder.js';
import type { Terminal } from '../cli/terminal.js';
import { toolVersion } from '../cli/version.js';

export interface MatrixOptions {
  readonly format?: MatrixFormat;
  readonly output?: string;
  readonly config?: string;
  /** Another tree, or a revision of this one. */
  readonly against?: string;
  readonly trace: boolean;
}

/** What there is to show. */
interface Matrix {
  readonly result: Result;
  readonly negotiation: Negotiation;
  readonly before: Negotiation | null;
}

/**
 * `dmabuf-lint matrix [tree]`: which importer may attach to which exporter, and what happens when that takes memory back.
 * @returns the exit code
 * @throws UserError
 */
export async function matrix(folder: string, options: MatrixOptions, terminal: Terminal): Promise<number> {
  const config = await findConfig(folder, options.config);
  terminal.progress('reading the tree');
  const reading = options.against === undefined ? readTree(folder, config) : readBoth(folder, options.against, config);
  const found = await reading.finally(() => terminal.progress(null));
  const colour = terminal.hasColour && options.output === undefined;
  const showing = { folder, colour, traces: options.trace };
  const text = await waitingFor('report', () => formatAs(options.format ?? 'text', found, showing));
  if (options.output === undefined) terminal.write(text);
  else await writeTogether([{ path: options.output, text }]);
  return 0;
}

async function readTree(folder: string, config: Config): Promise<Matrix> {
  const result = await lintTree(openFolder(folder), rules, config, await treeRevision(folder));
  return { result, negotiation: negotiationOf(result.contract), before: null };
}

/** A name that is a folder is another tree; else it is a revision. */
async function readBoth(folder: string, against: string, config: Config): Promise<Matrix> {
  if (isFolder(against)) {
    const before = await negotiationIn(openFolder(against), await findConfig(against, undefined));
    return { ...(await readTree(folder, config)), before };
  }
  return withScratch(async (scratch) => {
    const { before: ground, tree } = await openSince(folder, against, scratch, '--against');
    const before = await negotiationIn(ground.tree, config);
    const result = await lintTree(tree, rules, config, await treeRevision(folder));
    return { result, negotiation: negotiationOf(result.contract), before };
  });
}

async function negotiationIn(tree: SourceTree, { markers, macros, exclude }: Config): Promise<Negotiation> {
  return negotiationOf(await buildContract(tree, { markers, attributeWords: macros, leftOut: exclude }));
}

interface Showing {
  readonly folder: string;
  readonly colour: boolean;
  readonly traces: boolean;
}

async function formatAs(format: MatrixFormat, found: Matrix, showing: Showing): Promise<string> {
  const { negotiation, before } = found;
  const changes = before && compareNegotiations(before, negotiation);
  switch (format) {
    case 'text':
      return before && changes
        ? formatMatrixChanges(before, negotiation, changes, showing.colour)
        : formatMatrixText(negotiation, showing);
    case 'json':
      return (await import('../../report/matrix/matrix-json.js')).formatMatrixJson(negotiation, changes);
    case 'html':
      return await formatHtml(found, showing);
    case 'markdown':
    case 'rst': {
      const { matrixTree, matrixChangesTree } = await import('../../docs/page/matrix-page.js');
      const root = before && changes ? matrixChangesTree(before, negotiation, changes) : matrixTree(negotiation);
      const page =
        format === 'rst'
          ? (await import('../../docs/compile/rest.js')).compileRest(root)
          : (await import('../../docs/compile/markdown.js')).compileMarkdown(root);
      return page.split('\n').map(escapeForTerminal).join('\n');
    }
  }
}

async function formatHtml({ result, negotiation, before }: Matrix, { folder }: Showing): Promise<string> {
  const { formatMatrixHtml } = await import('../../report/html/matrix-page.js');
  const repository = result.revision === null ? null : await repositoryUri(folder);
  const report = scanReport(outcomeOf(result), { repository, changedLines: new Map() });
  const changes = before && { before, changes: compareNegotiations(before, negotiation) };
  return formatMatrixHtml({ negotiation, report, changes, version: toolVersion() });
}
