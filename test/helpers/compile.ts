import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * What the compiler says of some files, under the options of the examples. Paths are below the workspace's root; those
 * of `overlay` need not exist.
 */
export function complaintsAbout(files: readonly string[], overlay: ReadonlyMap<string, string> = new Map()) {
  const config = ts.readConfigFile(`${root}examples/tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, `${root}examples`);
  const own = { noEmit: true, composite: false, incremental: false, tsBuildInfoFile: undefined };
  const host = ts.createCompilerHost({ ...options, ...own });
  const { fileExists, readFile } = host;
  const text = (file: string) => overlay.get(file.replace(root, ''));
  host.fileExists = (file) => text(file) !== undefined || fileExists(file);
  host.readFile = (file) => text(file) ?? readFile(file);
  const rootNames = files.map((file) => root + file);
  const program = ts.createProgram({ rootNames, options: { ...options, ...own, rootDir: root }, host });
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start ?? 0).line + 1 : 0;
    const message = ts.flattenDiagnosticMessageText(messageText, '\n');
    return `${file?.fileName.replace(root, '')}:${line}: ${message}`;
  });
}
