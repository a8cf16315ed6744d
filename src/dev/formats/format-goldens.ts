import { formats, reportFormats } from '../../commands/formats/formats.js';
import { formatSarif } from '../../report/formats/sarif.js';
import type { RunReport } from '../../report/index.js';
import { exampleScan, exampleSeries } from './format-examples.js';

/** Every format of the example tree and of the example series: file below fixtures/formats, and its text. */
export async function goldenTexts(): Promise<ReadonlyMap<string, string>> {
  const reports = { scan: await exampleScan(), series: await exampleSeries() };
  const texts = new Map<string, string>();
  for (const [name, report] of Object.entries(reports))
    for (const format of reportFormats)
      texts.set(`${name}.${endings[format] ?? `${format}.txt`}`, await goldenText(format, report));
  return texts;
}

const endings: Readonly<Record<string, string>> = {
  sarif: 'sarif.json',
  junit: 'junit.xml',
  gitlab: 'gitlab.json',
  kcidb: 'kcidb.json',
  'b4-review': 'b4-review.json',
  mail: 'mail.mbox',
};

/** Only two rules: the goldens should not change whenever a rule's page does. */
async function goldenText(format: (typeof reportFormats)[number], report: RunReport): Promise<string> {
  if (format !== 'sarif') return await formats[format].report({ report, failOn: 'error' });
  const rules = ['pinned-importer-unmarked', 'resv-lock-required'].map((id) => ({
    id,
    shortDescription: { text: `what ${id} finds` },
    fullDescription: { text: `what ${id} finds` },
    help: { text: `what ${id} finds` },
  }));
  return formatSarif(report, { version: '0.0.0', rules });
}
