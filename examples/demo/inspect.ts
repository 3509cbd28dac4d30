import ts from 'typescript';

/** What one source file holds. */
export interface Inspection {
  lines: number;
  /** Names that it exports, by ES module syntax. */
  exports: number;
  functions: number;
  /** Of those that have a name. */
  longestFunction: { name: string; lines: number };
  /** Module names in `import`, `export … from`, `import()` and `require()`. */
  imports: string[];
  syntaxErrors: number;
}

/** Parses one file with the TypeScript compiler, and counts. */
export function inspect(file: string, text: string): Inspection {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const found: Inspection = {
    lines: source.getLineStarts().length,
    exports: source.statements.reduce((sum, statement) => sum + exportsOf(statement), 0),
    functions: 0,
    longestFunction: { name: '', lines: 0 },
    imports: [],
    // SOURCE: TypeScript 5.9, src/compiler/types.ts: what the parser reports is on the file, but not in its public type.
    syntaxErrors: (source as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics.length,
  };
  const visit = (node: ts.Node, parent: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body)
      countFunction({ node, parent, source }, found);
    const specifier = importedBy(node);
    if (specifier !== undefined) found.imports.push(specifier);
    ts.forEachChild(node, (child) => visit(child, node));
  };
  visit(source, source);
  return found;
}

interface Place {
  node: ts.SignatureDeclaration;
  parent: ts.Node;
  source: ts.SourceFile;
}

function countFunction({ node, parent, source }: Place, found: Inspection): void {
  found.functions += 1;
  const name = node.name ?? (ts.isVariableDeclaration(parent) ? parent.name : undefined);
  if (!name) return;
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const lines = lineOf(node.end) - lineOf(node.getStart(source)) + 1;
  if (lines > found.longestFunction.lines) found.longestFunction = { name: name.getText(source), lines };
}

function exportsOf(statement: ts.Statement): number {
  if (ts.isExportAssignment(statement)) return 1;
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.exportClause;
    return clause && ts.isNamedExports(clause) ? clause.elements.length : 1;
  }
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  if (!modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)) return 0;
  return ts.isVariableStatement(statement) ? statement.declarationList.declarations.length : 1;
}

function importedBy(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const isImport = expression.kind === ts.SyntaxKind.ImportKeyword;
  const isRequire = ts.isIdentifier(expression) && expression.text === 'require';
  return isImport || isRequire ? textOf(node.arguments[0]) : undefined;
}

function textOf(node: ts.Expression | undefined): string | undefined {
  return node && ts.isStringLiteralLike(node) ? node.text : undefined;
}
