import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addElsewhere, addToQuestion, createProfile, ofQuestion, ofRule, profiled, profileLines } from './profile.js';

describe('the profile of a run', () => {
  it('lists each phase, the longest first, with its part of the whole and what other threads did of it', () => {
    const profile = createProfile();
    profile.spent.set('link', 250).set('flow', 500);
    profile.elsewhere.set('flow', 2000).set('lower', 30);
    assert.deepEqual(profileLines(profile, 1000), [
      'flow         500 ms  50 %, and 2000 ms in other threads\n',
      'link         250 ms  25 %\n',
      'lower          0 ms   0 %, and 30 ms in other threads\n',
      'in all      1000 ms 100 %\n',
    ]);
  });

  it('lists each rule with all that it asks, also where another rule asked the same before', () => {
    const profile = createProfile();
    profile.questions.set('locks', 300).set('leaks', 40);
    profile.rules.set('lock-rule', { own: 2, asked: new Set(['locks']) });
    profile.rules.set('both', { own: 5, asked: new Set(['locks', 'leaks']) });
    profile.rules.set('nothing', { own: 0.2, asked: new Set() });
    assert.deepEqual(profileLines(profile, 1000).slice(1), [
      '\nby rule, each with all that it asks; several ask the same, which is done once:\n',
      'both          345 ms\n',
      'lock-rule     302 ms\n',
      '1 other rule: less than 1 ms each\n',
    ]);
  });

  it('takes what a rule asks from the time of the rule, and notes what it asked', async () => {
    const profile = createProfile();
    await profiled(profile, async () => {
      for (const rule of ['first', 'second'])
        ofRule(rule, () => {
          assert.equal(
            ofQuestion('locks', () => 7),
            7,
          );
        });
      addToQuestion('locks', 1000);
      addElsewhere(new Map([['flow', 5]]));
    });
    assert.deepEqual(
      [...profile.rules].map(([rule, { asked }]) => [rule, [...asked]]),
      [
        ['first', ['locks']],
        ['second', ['locks']],
      ],
    );
    assert.ok([...profile.rules.values()].every(({ own }) => own < 1000));
    assert.ok((profile.questions.get('locks') ?? 0) >= 1000);
    assert.equal(profile.elsewhere.get('flow'), 5);
  });

  it('is not needed: without one, all is done and nothing is counted', () => {
    assert.equal(
      ofRule('rule', () => ofQuestion('locks', () => 3)),
      3,
    );
  });
});
