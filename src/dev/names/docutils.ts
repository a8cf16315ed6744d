import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { Root } from 'mdast';
import { paragraph, table } from '../../docs/nodes.js';

/** A page in which a name stands as text and as code, in paragraphs, in a table and in a block. */
export function pageOf(name: string): Root {
  const code = { type: 'inlineCode', value: name } as const;
  return {
    type: 'root',
    children: [
      paragraph(name),
      paragraph([code]),
      table([
        ['name', 'code'],
        [name, [code]],
      ]),
      { type: 'code', value: name },
      paragraph('the end'),
    ],
  };
}

/** Whether docutils, which reads reST for Sphinx, is on this machine. */
export const hasDocutils = spawnSync('python3', ['-c', 'import docutils']).status === 0;

/**
 * What docutils makes of pages: for each the kinds of nodes that no page of names has. An address of the web or of mail may
 * become a link, and remarks that are no warnings do not count.
 */
export function oddNodes(pages: readonly string[]): readonly string[] {
  const program = `import sys, json, docutils.core, docutils.nodes as n
plain = (n.document, n.paragraph, n.Text, n.literal, n.literal_block, n.table, n.tgroup, n.colspec, n.thead, n.tbody, n.row, n.entry)
link = lambda x: isinstance(x, n.reference) and x.get('refuri', '').split(':')[0].lower() in ('http', 'https', 'ftp', 'mailto')
remark = lambda x: isinstance(x, n.system_message) and x['level'] < 2
odd = lambda x: type(x).__name__ + (':' + x.get('refuri', '') if isinstance(x, n.reference) else '')
settings = {'report_level': 5, 'file_insertion_enabled': True, 'raw_enabled': True}
trees = [docutils.core.publish_doctree(page, settings_overrides=settings) for page in json.load(sys.stdin)]
print(json.dumps([' '.join(sorted({odd(x) for x in tree.findall() if not isinstance(x, plain) and not link(x) and not remark(x)})) for tree in trees]))`;
  const { stdout, stderr, status } = spawnSync('python3', ['-c', program], {
    input: JSON.stringify(pages),
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as readonly string[];
}
