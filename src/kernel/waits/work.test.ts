import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeferral, queueingFunctions, workInitialisers } from './work.js';

describe('work', () => {
  it('is queued by its own address, after a queue and a processor where there are any', () => {
    assert.equal(queueingFunctions.get('schedule_work'), 0);
    assert.equal(queueingFunctions.get('queue_work'), 1);
    assert.equal(queueingFunctions.get('queue_delayed_work_on'), 2);
    assert.equal(queueingFunctions.has('flush_work'), false);
  });

  it('has its function from an initialiser', () => {
    for (const name of ['INIT_WORK', 'INIT_DELAYED_WORK', 'kthread_init_work'])
      assert.ok(workInitialisers.includes(name));
  });

  for (const name of [
    'INIT_WORK',
    'INIT_DELAYED_WORK_ONSTACK',
    'kthread_run',
    'timer_setup',
    'request_threaded_irq',
    'devm_request_irq',
  ])
    it(`may run later by ${name}()`, () => assert.equal(isDeferral(name), true));

  for (const name of ['queue_work', 'free_irq', 'timer_delete', 'INIT_LIST_HEAD'])
    it(`is not put off by ${name}()`, () => assert.equal(isDeferral(name), false));
});
