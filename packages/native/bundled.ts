/** What to do where a bundler took this library into its output, which leaves behind the files that it loads and starts. */
export const BUNDLED =
  'forkmap is part of a bundle, without the files that it loads and starts. Mark it as external: ' +
  "esbuild `--external:forkmap`; webpack `externals: { forkmap: 'node-commonjs forkmap' }`; " +
  "Rolldown, Rollup and Vite `external: ['forkmap']`; Next.js `serverExternalPackages: ['forkmap']`";
