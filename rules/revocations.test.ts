import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleTree } from '../src/dev/examples/example-tree.js';
import { lintTree } from '../src/lint/analysis.js';
import { defaultConfig } from '../src/lint/index.js';
import { readRulePage } from '../src/lint/rule-page.js';
import { rules } from './index.js';

const revoke = 'void ex_revoke(';
const wait = 'dma_resv_wait_timeout(dmabuf->resv, DMA_RESV_USAGE_BOOKKEEP, false, MAX_SCHEDULE_TIMEOUT);';
const drain = 'wait_event(buf->wait, !atomic_read(&buf->mappings));';
const drop = 'kref_put(&buf->kref, ex_done);\n\twait_for_completion(&buf->done);';
const refusal = 'if (buf->revoked)\n\t\treturn ERR_PTR(-ENODEV);\n';

/** The exporter of a page's first good example, up to its revoking function. */
function exporterOf(page: string): string {
  const code = readRulePage(page).examples.find((example) => !example.isBad)?.code ?? '';
  return code.slice(0, code.indexOf(revoke));
}

const counting = exporterOf('revoke-no-fence-wait');
const counted = exporterOf('revoke-not-repeatable');

interface Steps {
  readonly before?: string;
  readonly flag?: string;
  readonly fences?: string;
  readonly unlock?: string;
  readonly last?: string;
}

/** A revoking function, whole but for the steps that are given. */
function revoking(steps: Steps, head = revoke): string {
  const { before = '', flag = 'buf->revoked = true;', fences = wait, last = drain } = steps;
  const { unlock = 'dma_resv_unlock(dmabuf->resv);' } = steps;
  const body = ['struct ex_buf *buf = dmabuf->priv;', '', 'dma_resv_lock(dmabuf->resv, NULL);', before, flag];
  const lines = [...body, 'dma_buf_invalidate_mappings(dmabuf);', fences, unlock, last];
  return `${head}struct dma_buf *dmabuf)\n{\n\t${lines.join('\n\t')}\n}\n`;
}

function caller(name: string, before: string): string {
  return `void ${name}(struct dma_buf *dmabuf)\n{\n\tstruct ex_buf *buf = dmabuf->priv;\n\n\t${before}\n\tex_do(dmabuf);\n}\n`;
}

const leave = '{ dma_resv_unlock(dmabuf->resv); return; }';
const helper = 'static void ex_do(';

/** Code, and the rules with their confidence that it breaks. */
const cases: Readonly<Record<string, readonly [code: string, found: readonly string[]]>> = {
  'a way that leaves before the wait': [
    counting + revoking({ fences: `if (!buf->provider)\n\t\t${leave}\n\t${wait}` }),
    ['revoke-no-fence-wait low'],
  ],
  'a wait that is left out where no fence is there': [
    counting + revoking({ fences: `if (!dma_resv_test_signaled(dmabuf->resv, DMA_RESV_USAGE_BOOKKEEP))\n\t\t${wait}` }),
    [],
  ],
  'fences that are walked': [
    counting +
      revoking({
        fences: 'dma_resv_for_each_fence(&cursor, dmabuf->resv, 3, fence)\n\t\tdma_fence_wait(fence, false);',
      }),
    [],
  ],
  'a slot that may wait': [counting + revoking({ fences: 'buf->funcs->drain(buf);' }), ['revoke-no-fence-wait low']],
  'a function that is only named so': [
    counting.replace(refusal, '') + revoking({ flag: '', fences: '', last: '' }),
    ['revoke-no-fence-wait low', 'revoke-no-unmap-wait low'],
  ],
  'a mover that waits for its copy': [
    counting.replace(refusal, '') +
      'void ex_move(struct ex_buf *buf)\n{\n\tdma_resv_assert_held(buf->dmabuf->resv);\n\tdma_buf_invalidate_mappings(buf->dmabuf);\n\twait_for_completion(&buf->copied);\n}\n',
    [],
  ],
  'a class that is chosen': [
    counting +
      revoking({
        fences: wait.replace('DMA_RESV_USAGE_BOOKKEEP', 'buf->x ? DMA_RESV_USAGE_KERNEL : DMA_RESV_USAGE_READ'),
      }),
    ['revoke-wrong-usage high'],
  ],
  'a class that is computed': [
    counting + revoking({ fences: wait.replace('DMA_RESV_USAGE_BOOKKEEP', 'dma_resv_usage_rw(true)') }),
    [],
  ],
  'a loop that polls': [counting + revoking({ last: 'while (atomic_read(&buf->mappings))\n\t\tmsleep(1);' }), []],
  'a wait in a helper that is handed the fields': [
    `${counting}static void ex_idle(wait_queue_head_t *queue, atomic_t *count)\n{\n\twait_event(*queue, !atomic_read(count));\n}\n${revoking({ last: 'ex_idle(&buf->wait, &buf->mappings);' })}`,
    [],
  ],
  'a state that is compared': [
    counting.replace('bool revoked', 'int state').replace('buf->revoked', 'buf->state == 2') +
      revoking({ flag: 'buf->state = 2;' }),
    [],
  ],
  'a map that asks for something else': [
    counting.replace('if (buf->revoked)', 'if (!buf->vec.len)') + revoking({}),
    ['map-after-revoke high'],
  ],
  'a map that calls what cannot be followed': [
    counting.replace('if (buf->revoked)', 'if (other_check(buf))') + revoking({}),
    [],
  ],
  'an exchange that tells the first from the second': [
    counted + revoking({ flag: '', before: `if (xchg(&buf->revoked, true))\n\t\t${leave}`, last: drop }),
    [],
  ],
  'a label before the drop': [
    counted + revoking({ before: 'if (buf->revoked)\n\t\tgoto out;', fences: `${wait}\nout:`, last: drop }),
    ['revoke-not-repeatable medium'],
  ],
  'a reference of its own': [counted + revoking({ before: 'kref_get(&buf->kref);', last: drop }), []],
  'a reference that is armed anew': [
    counted + revoking({ last: `${drop}\n\tkref_init(&buf->kref);\n\treinit_completion(&buf->done);` }),
    [],
  ],
  'callers that ask': [
    counted + revoking({ last: drop }, helper) + caller('ex_reset', 'if (buf->revoked)\n\t\treturn;'),
    [],
  ],
  'one of two callers that asks': [
    counted +
      revoking({ last: drop }, helper) +
      caller('ex_reset', 'if (buf->revoked)\n\t\treturn;') +
      caller('ex_disable', ''),
    ['revoke-not-repeatable medium'],
  ],
  'a caller that runs once, by its name': [
    counted + revoking({ last: drop }, helper) + caller('ex_remove', ''),
    ['revoke-not-repeatable low'],
  ],
  'a caller that takes the buffer off its list': [
    counted +
      revoking({ last: drop }, helper) +
      caller('ex_reset', 'list_del(&buf->node);').replace('ex_do(dmabuf)', 'ex_do(buf->dmabuf)'),
    [],
  ],
};

describe('revocations', () => {
  for (const [name, [code, found]] of Object.entries(cases))
    it(name, async () => {
      const { tree } = exampleTree({ code, options: {}, line: 0, isBad: true });
      const { findings } = await lintTree(tree, rules, defaultConfig);
      assert.deepEqual(findings.map(({ rule, confidence }) => `${rule} ${confidence}`).sort(), found);
    });
});
