/** Writes the report of the public types, api/*.d.ts, which the lint compares: node scripts/api.mjs */
import { writeApi } from './lib/api-report.mjs';
import { installDependencies } from './lib/pnpm.mjs';
import { main } from './lib/run.mjs';

await main(async () => {
  await installDependencies();
  await writeApi();
});
