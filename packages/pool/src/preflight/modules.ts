import { basename } from 'node:path';
import type { Finding } from './finding.js';
import { readText } from './proc.js';

/** Native modules that are loaded, other than ours. */
export function findModules(): Finding {
  const names = nativeModules();
  if (names.length === 0) {
    return { topic: 'native modules', level: 'ok', found: 'none loaded', advice: 'Nothing to do.' };
  }
  return {
    topic: 'native modules',
    level: 'note',
    found: `${names.length} loaded: ${names.join(', ')}`,
    advice:
      'Try each in a child once: one with threads, a GPU or a connection of its own may hang there ' +
      '(itemTimeout ends it), and is better loaded in setup.',
  };
}

function nativeModules(): string[] {
  const paths = new Set<string>();
  for (const line of (readText('/proc/self/maps') ?? '').split('\n')) {
    const path = line.match(/ (\/\S.*\.node)$/)?.[1];
    if (path !== undefined && !/\/forkmap(_faults)?\.node$/.test(path)) paths.add(path);
  }
  return [...paths].map((path) => basename(path)).sort();
}
