import { expect, test } from 'vitest';
import { warmUp } from './index.js';

test('warmUp() can be called any number of times', () => {
  for (let i = 0; i < 3; i++) expect(warmUp()).toBeUndefined();
});
