/** Makes docs/api, the API's documentation, from the docstrings; fails where a link in it leads nowhere. */
import { buildDocs } from './lib/docs.mjs';
import { installDependencies } from './lib/pnpm.mjs';
import { main } from './lib/run.mjs';

await main(async () => {
  await installDependencies();
  buildDocs();
});
