import type { Negotiation, NegotiationChanges } from '../../contract/index.js';
import type { RunReport, TextOf } from '../run-report.js';
import { changesSection } from './changes.js';
import { evidenceSection } from './evidence.js';
import { exportersSection, importersSection } from './facts.js';
import { findingsSection, gapsSection } from './findings.js';
import { html, type Markup, nothing } from './markup.js';
import { matrixSection } from './matrix-table.js';
import { type PageSection, pageOf } from './page.js';

/** What the page shows. */
interface MatrixPage {
  readonly negotiation: Negotiation;
  /** The scan of the same tree. */
  readonly report: RunReport;
  /** The earlier table and what differs from it; null without `--against`. */
  readonly changes: { readonly before: Negotiation; readonly changes: NegotiationChanges } | null;
  readonly version: string;
}

/** Formats the negotiation table as one HTML file, which needs no network and can be read without scripts. */
export function formatMatrixHtml({ negotiation, report, changes, version }: MatrixPage): string {
  const textOf: TextOf = report.groups[0]?.textOf ?? (() => undefined);
  const section = (id: string, name: string, content: Markup): PageSection => ({ id, name, content });
  return pageOf({
    title: `Importers and exporters of ${report.subject}`,
    intro: html`Which importer may attach to which exporter, and what happens when the exporter takes its memory back.
Derived from the code${atRevision(report)} by dmabuf-lint ${version}.`,
    sections: [
      section('matrix', 'Table', matrixSection(negotiation, changes?.changes ?? null)),
      ...(changes ? [section('changes', 'Changes', changesSection(changes.before, negotiation, changes.changes))] : []),
      section('evidence', '', evidenceSection(negotiation, textOf)),
      section('importers', 'Importers', importersSection(negotiation)),
      section('exporters', 'Exporters', exportersSection(negotiation)),
      section('findings', 'Findings', findingsSection(report, textOf)),
      section('not-analysed', 'Not analysed', gapsSection(report)),
    ],
    footer: footerOf(report, version),
    script: 'matrix.js',
  });
}

/** The revision in the introduction of a page. */
export function atRevision({ revision }: Pick<RunReport, 'revision'>): Markup {
  return revision ? html` at <code>${revision.slice(0, 12)}</code>` : nothing;
}

/** What a page ends with. */
export function footerOf({ subject, revision, summary }: RunReport, version: string): string {
  return `${subject}${revision ? `, revision ${revision}` : ''}. ${summary}. dmabuf-lint ${version}.`;
}
