// What the tests use of WebAssembly: @types/node leaves it to the DOM's types.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module);
    readonly exports: Record<string, unknown>;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(bytes: Uint8Array): Promise<{ instance: Instance }>;
  function instantiate(module: Module): Promise<Instance>;
}
