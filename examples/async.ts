/** fn may be async: each child keeps `concurrency` items in flight, and the results come in order all the same. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { parMap } from 'forkmap';

const folder = new URL('.', import.meta.url);
const files = (await readdir(folder)).filter((name) => name.endsWith('.js'));

const digests = await parMap(
  files,
  async (name) => {
    const bytes = await readFile(new URL(name, folder));
    return createHash('sha256').update(bytes).digest();
  },
  { concurrency: 4 },
);

// A Buffer comes back as a Buffer.
console.log(digests.every((digest) => Buffer.isBuffer(digest) && digest.length === 32));

// Prints:
// true
