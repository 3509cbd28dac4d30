import { init, parse } from 'es-module-lexer';

/** Loads the lexer. To be awaited once before `importsOf`. */
export const lexerReady: () => Promise<void> = init;

const REQUIRE = /\brequire(?:\.resolve)?\s*\(\s*(['"`])([^'"`$\n]+)\1\s*\)/g;
const IMPORT =
  /\b(?:import|export)\b[^'"`;()]*?\bfrom\s*(['"])([^'"\n]+)\1|\bimport\s*\(?\s*(['"])([^'"\n]+)\3/g;
/** Files that are named beside a module: workers, data. */
const NEW_URL = /\bnew\s+URL\s*\(\s*(['"`])([^'"`$\n]+)\1\s*,\s*import\.meta\.url/g;

/**
 * What a module says it needs: by `import`, `export … from`, `import()` and `require()` of a literal, and by
 * `new URL('…', import.meta.url)`. What TypeScript needs for types alone does not count: it is not part of what runs.
 */
export function importsOf(source: string): string[] {
  const named = [...source.matchAll(REQUIRE), ...source.matchAll(NEW_URL)].map((match) => match[2] as string);
  return [...new Set([...lexed(source), ...named])];
}

/** WHY by patterns where it cannot be lexed: one file too many makes a journal strict, one too few makes it wrong. */
function lexed(source: string): string[] {
  try {
    return parse(source)[0].flatMap((found) => {
      if (found.type === 'import-meta' || !found.specifier) return [];
      const isOfTypes = 'typeOnly' in found && found.typeOnly;
      const isPattern = 'glob' in found && found.glob;
      return isOfTypes || isPattern ? [] : [found.specifier];
    });
  } catch {
    return [...source.matchAll(IMPORT)].map((match) => (match[2] ?? match[4]) as string);
  }
}
