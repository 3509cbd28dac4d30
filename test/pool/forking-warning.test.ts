import { parMap } from '@forkmap/pool';
import { expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { nextWarning } from '../helpers/warnings.js';

expectNoLeaks(() => parMap([1, 2], (n) => n));

it('a call warns after its first chunks where most of its time goes into forks', async () => {
  let done = 0;
  const call = parMap(Array(600).fill(0), () => 0, {
    ...{ chunk: 1, lanes: 2 },
    onProgress: (progress) => {
      done = progress.done;
    },
  });
  const warning = await nextWarning();
  expect(warning).toMatchObject({ code: 'FORKMAP_MOSTLY_FORKING' });
  expect(warning.message).toMatch(/^parMap: forking takes \d+% of the children's time: .* leave chunk out/);
  expect(done).toBeLessThan(600);
  await call;
});
