import { expect, test } from 'vitest';
import { CallState } from './call-state.js';

test('a call goes from phase to phase in order, and no other way', () => {
  const state = new CallState();
  expect(() => state.enter('running')).toThrow('a call that is loading cannot become running');
  for (const phase of ['open', 'running', 'closing', 'closed'] as const) {
    state.enter(phase);
    expect(state.phase).toBe(phase);
  }
  expect(() => state.enter('closing')).toThrow('a call that is closed cannot become closing');
});

test('the first reason to stop stands, and only that one has anything to end', () => {
  const state = new CallState();
  state.enter('open');
  expect(state.stop('enough')).toBe(true);
  expect(state.stop({ error: new Error('late') })).toBe(false);
  expect(state.stopReason).toBe('enough');
});

test('a call that stops before it runs never runs', () => {
  const state = new CallState();
  state.stop('enough');
  state.enter('open');
  state.enter('running');
  expect(state.phase).toBe('stopping');
  state.enter('closing');
});

test('a call that closes has nothing left to end, but the reason counts', () => {
  const state = new CallState();
  for (const phase of ['open', 'running', 'closing'] as const) state.enter(phase);
  expect(state.stop('enough')).toBe(false);
  expect(state).toMatchObject({ phase: 'closing', stopReason: 'enough' });
});
