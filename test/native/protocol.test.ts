import { PROTOCOL } from '@forkmap/core/internal';
import { loadNative } from '@forkmap/native';
import { expect, it } from 'vitest';

it('the numbers for processes without an addon are those of the addon', () => {
  expect(PROTOCOL).toEqual(loadNative().protocol);
});
